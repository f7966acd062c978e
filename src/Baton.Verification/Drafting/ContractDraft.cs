using Baton.Contracts;
using Baton.Contracts.Reports;
using Baton.Statistics;
using Baton.Verification.Clauses;
using Baton.Verification.Reference;

namespace Baton.Verification.Drafting;

/// <summary>
/// A contract of four clauses to start from, with bounds that follow from the reference predictions, and for each bound a note that says why it was proposed.
/// Whether it is what the service needs is left to people.
/// </summary>
/// <param name="Contract">The contract.</param>
/// <param name="Notes">Why, by name of the clause.</param>
public sealed record ContractDraft(Contract Contract, IReadOnlyDictionary<string, string> Notes)
{
    private const int MostClasses = 50;
    private const string Default = "A default: set what the service needs.";
    private static readonly string[] Groups = ["date", "day", "user", "user_id", "customer_id", "patient_id", "session_id", "group"];

    /// <summary>The YAML, with its notes as comments.</summary>
    public string Text => ContractNotes.Write(ContractWriter.Write(Contract), Notes);

    /// <summary>Drafts the contract.</summary>
    /// <param name="claims">Claims of the first candidate; null where there is no package yet.</param>
    /// <param name="model">Name of the registered model.</param>
    /// <param name="referenceFile">Its reference predictions, Parquet; null where there are none.</param>
    /// <param name="metric">Metric to bound, a name of <see cref="MetricNames"/>; null for the one that fits the predictions.</param>
    /// <param name="groupBy">Column whose equal values belong together; null for intervals by row.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DraftException">The reference predictions lack the column to group by.</exception>
    public static async Task<ContractDraft> WriteAsync(
        Claims? claims, string model, string? referenceFile, string? metric, string? groupBy, CancellationToken cancellation = default)
    {
        var notes = new Dictionary<string, string>
        {
            ["latency"] = $"{Default} `baton verify` measures it on this machine.",
            ["memory"] = $"{Default} `baton verify` measures it.",
        };
        var (side, fault) = claims?.ReferencePredictions is { } reference && referenceFile is not null
            ? await ReadAsync(referenceFile, reference, groupBy, notes, cancellation).ConfigureAwait(false)
            : (null, "there are no reference predictions");
        metric ??= side is null ? "roc_auc" : Fitting(side);
        var contract = ContractTemplate.Default(model, groupBy, metric);
        var clause = contract.Metrics[0];
        var (proposed, note) = side is null ? (clause, $"{Default} Nothing was measured: {fault.TrimEnd('.')}.") : Proposed(clause, side);
        notes[$"metrics.{metric}"] = notes.Remove("groups", out var groups) ? $"{note} {groups}" : note;
        return new ContractDraft(contract with { Metrics = [proposed] }, notes);
    }

    private static async Task<(MetricSide? Side, string Fault)> ReadAsync(
        string file, ReferencePredictions reference, string? groupBy, Dictionary<string, string> notes, CancellationToken cancellation)
    {
        try
        {
            var rows = await ReferenceRows.ReadAsync(file, reference, cancellation).ConfigureAwait(false);
            var groups = groupBy is null ? null : rows.Groups(groupBy);
            if (groupBy is null && (await Storage.Tables.ParquetFile.HeadAsync(file, cancellation).ConfigureAwait(false)).Columns
                    .FirstOrDefault(c => Groups.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } column)
                notes["groups"] = $"Rows of one {column} may depend on each other; if they do, add 'group_by: {column}'.";
            var side = new MetricSide(rows.Ids, rows.Labels(), groups, rows.Stored);
            return side.Unfit is { } unfit ? (null, unfit) : (side, "");
        }
        catch (ReferenceException e) when (groupBy is null)
        {
            return (null, e.Message);
        }
        catch (ReferenceException e)
        {
            throw new DraftException(e.Message, e);
        }
    }

    /// <summary>The metric that people mostly mean for such labels and answers.</summary>
    private static string Fitting(MetricSide side)
    {
        var classes = side.Labels.Distinct().Take(MostClasses + 1).ToList();
        return classes.All(c => c is 0 or 1) ? side.Answers.Scores is null ? "balanced_accuracy" : "roc_auc"
            : classes.Count <= MostClasses && classes.All(double.IsInteger) ? "f1_macro"
            : "mean_absolute_error";
    }

    /// <summary>
    /// The bound: twice the interval's half-width worse than what was measured, so that another version of the same worth, with an interval as wide, keeps it.
    /// </summary>
    private static (MetricClause Clause, string Note) Proposed(MetricClause clause, MetricSide side)
    {
        BootstrapResult? drawn;
        string undefined;
        try
        {
            var metric = Metrics.Find(clause.Metric)!;
            drawn = new Draw(metric, clause, side.Units(metric), Bootstrap.DefaultSeed).Interval(side.Observations());
            undefined = drawn.UndefinedBecause ?? "";
        }
        catch (ArgumentException e)
        {
            (drawn, undefined) = (null, e.Message);
        }

        if (drawn?.Interval is not { } interval)
            return (clause, $"{Default} It could not be measured on the reference predictions: {undefined.TrimEnd('.')}.");
        var name = MetricNames.Find(clause.Metric)!;
        var width = name.GreaterIsBetter ? interval.Estimate - interval.Low : interval.High - interval.Estimate;
        var bound = name.GreaterIsBetter
            ? Math.Max(name.Lowest, Outwards(interval.Estimate - (2 * width), up: false))
            : Math.Min(name.Highest, Outwards(interval.Estimate + (2 * width), up: true));
        var note = $"Proposed: the author's predictions give {Wording.Number(interval.Estimate)} ({Wording.Number(interval.Low)} to {Wording.Number(interval.High)}, 95 % interval by "
            + $"{clause.GroupBy ?? "row"}); the bound is twice that half-width worse, so that another version of the same worth keeps it. Set what the service needs.";
        return (name.GreaterIsBetter ? clause with { Min = bound, Max = null } : clause with { Min = null, Max = bound }, note);
    }

    // Two or three digits that matter; more would feign a precision that the interval does not have.
    private static double Outwards(double value, bool up)
    {
        if (value == 0 || !double.IsFinite(value))
            return 0;
        var digits = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 12);
        var scale = Math.Pow(10, digits);
        return Math.Round((up ? Math.Ceiling(value * scale) : Math.Floor(value * scale)) / scale, digits);
    }
}
