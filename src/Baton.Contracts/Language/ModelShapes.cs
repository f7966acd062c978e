using Baton.Contracts.Yaml;

namespace Baton.Contracts.Language;

/// <summary>Shapes of the clauses on what the model answers.</summary>
internal static class ModelShapes
{
    private static readonly Shape<TopKAgreement> TopK = new(
        () => new TopKAgreement(),
        new ValueField<TopKAgreement>("k", Kind.Count, t => t.K, (t, v) => t with { K = (int)v }, Tighter.Neither, "How many of the best classes.") { Refuse = Bounds.Above0("k") },
        Bounds.Min<TopKAgreement>(Kind.Share, t => t.MinShare, (t, v) => t with { MinShare = (double)v }, Bounds.OfAll("rows")))
    { OneLine = true };

    public static Shape<ReproducesClause> Reproduces { get; } = new(
        () => new ReproducesClause(),
        new ValueField<ReproducesClause>("within", Kind.Number, c => c.Within, (c, v) => c with { Within = (double)v }, Tighter.Lower, "Largest absolute difference of a score that counts as the same.") { Refuse = Bounds.NotBelow0("a difference") },
        new ValueField<ReproducesClause>("relative", Kind.Number, c => c.Relative, (c, v) => c with { Relative = (double)v }, Tighter.Lower, "Allowed beside it: this times the size of the reference score.") { Refuse = Bounds.NotBelow0("a difference") },
        Bounds.AtLeast<ReproducesClause>("rows", Kind.Share, c => c.MinShare, (c, v) => c with { MinShare = (double)v }, "99.5 %", "Share of rows that must agree.", Bounds.OfAll("rows")),
        new PartField<ReproducesClause, ErrorPercentile>("error", new Shape<ErrorPercentile>(
            () => new ErrorPercentile(0, 0),
            new PercentileFields<ErrorPercentile>(Kind.Number, "0.0001", e => e.Percentile > 0 ? [(e.Percentile, e.Max)] : [], (_, bounds) => new ErrorPercentile(bounds[0].Percentile, (double)bounds[0].Max), "A percentile of the absolute differences.") { Single = true, Refuse = Bounds.NotBelow0("a difference") })
        { OneLine = true, Check = Shape<ErrorPercentile>.Bounded("p99", "p99: {max: 0.0001}", "percentile") },
            c => c.Error, (c, v) => c with { Error = v }, "{p99: {max: 0.0001}}", "Bound on a percentile of the differences."),
        new PartField<ReproducesClause, TopKAgreement>("top_k", TopK, c => c.TopK, (c, v) => c with { TopK = v }, "{k: 1, min: 100 %}", "How often the best classes must be the same."),
        Bounds.Evidence<ReproducesClause>(c => c.Evidence, (c, v) => c with { Evidence = v }))
    { Comment = "loaded from the package alone, the model gives the numbers its author saw" };

    public static NamedPartsField<Contract, MetricClause> Metrics { get; } = new(
        "metrics", name => MetricNames.Find(name) is { } metric ? Metric(metric) : null, name => new MetricClause { Metric = name }, m => m.Metric,
        c => c.Metrics, (c, v) => c with { Metrics = v }, ("roc_auc", "{min: 0.60}"), "Bounds on metrics, by scikit-learn's name and definition.")
    {
        Noun = "metric",
        ExampleFor = name => MetricNames.Find(name) is { GreaterIsBetter: false } ? "{max: 0.20}" : "{min: 0.60}",
        Closed = (MetricNames.Written, MetricNames.Suggest,
            [.. MetricNames.Written.Where(n => n.Contains('X')).Select(n => ($"^{n.Replace("X", "[0-9.]+", StringComparison.Ordinal)}$", WithNumber(n)))]),
    };

    public static NamedPartsField<Contract, FairnessClause> Fairness { get; } = new(
        "fairness", _ => Fair, column => new FairnessClause { Column = column }, f => f.Column, c => c.Fairness, (c, v) => c with { Fairness = v },
        ("gender", "{demographic_parity_difference: {max: 0.10}}"), "How differently the groups of a sensitive column may be treated (Fairlearn's measures).")
    { Noun = "column" };

    public static NamedPartsField<Contract, CustomCheck> Checks { get; } = new(
        "checks", _ => Check, name => new CustomCheck { Name = name, Command = "" }, c => c.Name, c => c.Checks, (c, v) => c with { Checks = v },
        ("profit", "{command: python3 profit.py, min: 0}"), "Metrics and checks of your own: a command that reads JSON and answers with JSON.")
    { Noun = "check" };

    private static Shape<FairnessClause> Fair { get; } = new(
        () => throw new InvalidOperationException("A clause on fairness begins with its column."),
        [
            .. FairnessClause.Measures.Select(m => m.GreaterIsBetter
                ? Bounds.AtLeast<FairnessClause>(m.Name, Kind.Number, f => Measured(f, m.Name), (f, v) => With(f, m.Name, (double)v), "0.80", Between(m.Name), UnitRange)
                : Bounds.AtMost<FairnessClause>(m.Name, Kind.Number, f => Measured(f, m.Name), (f, v) => With(f, m.Name, (double)v), "0.10", Between(m.Name), UnitRange)),
            new ValueField<FairnessClause>("min_rows", Kind.Count, f => f.MinRows, (f, v) => f with { MinRows = (int)v }, Tighter.Neither, "Groups of fewer rows are shown and not judged.") { Unwritten = 100 },
        ])
    {
        Check = (at, fair) =>
        {
            if (fair.Bounds.Count == 0 && at.Entries.All(e => e.Key == "min_rows"))
                at.Missing("demographic_parity_difference", $"{at.Path} has no bound; write e.g. 'demographic_parity_difference: {{max: 0.10}}'");
        },
    };

    private static Shape<CustomCheck> Check { get; } = new(
        () => throw new InvalidOperationException("A check begins with its name."),
        new TextField<CustomCheck>("command", c => c.Command.Length == 0 ? null : c.Command, (c, v) => c with { Command = v }, "Program and arguments, split at spaces.", longest: 1000) { Required = true },
        Bounds.Min<CustomCheck>(Kind.Number, c => c.Min, (c, v) => c with { Min = (double)v }),
        Bounds.Max<CustomCheck>(Kind.Number, c => c.Max, (c, v) => c with { Max = (double)v }),
        new ValueField<CustomCheck>("timeout", Kind.Duration, c => c.Timeout, (c, v) => c with { Timeout = (TimeSpan)v }, Tighter.Neither, "How long it may take.") { Unwritten = TimeSpan.FromMinutes(1), Refuse = v => (TimeSpan)v <= TimeSpan.Zero || (TimeSpan)v > TimeSpan.FromHours(1) ? "a timeout is above 0 and at most 1 h" : null })
    {
        Check = (at, check) =>
        {
            if (at.Find("command") is null)
                at.Missing("command", $"{at.Path} has no command; write e.g. 'command: python3 checks/profit.py'");
            Order(at, check.Min, check.Max);
        },
    };

    private static Shape<MetricClause> Metric(MetricName metric)
    {
        string? Refuse(object v) => (double)v < metric.Lowest || (double)v > metric.Highest ? $"{Quantities.Format((double)v)} is no value of {Span(metric)}" : null;
        var (up, down) = metric.GreaterIsBetter ? ("{min: -0.005}", "{min: 0.05}") : ("{max: 0.005}", "{max: -0.05}");
        return new Shape<MetricClause>(
            () => new MetricClause { Metric = metric.Name },
            Bounds.Min<MetricClause>(Kind.Number, c => c.Min, (c, v) => c with { Min = (double)v }, Refuse),
            Bounds.Max<MetricClause>(Kind.Number, c => c.Max, (c, v) => c with { Max = (double)v }, Refuse),
            new ValueField<MetricClause>("confidence", Kind.Share, c => c.Confidence, (c, v) => c with { Confidence = (double)v }, Tighter.Higher, "Two-sided confidence of the intervals.") { Refuse = v => v is < 0.5 or > 0.999 ? "a confidence lies between 50 % and 99.9 %" : null },
            new TextField<MetricClause>("group_by", c => c.GroupBy, (c, v) => c with { GroupBy = v }, "Column whose equal values belong together (a day, a user)."),
            new PartField<MetricClause, Bound>("against_production", Difference(metric, "against_production", up), c => c.AgainstProduction, (c, v) => c with { AgainstProduction = v }, up, "Bounds on candidate minus production, paired by row."),
            new PartField<MetricClause, Bound>("against_claimed", Difference(metric, "against_claimed", up), c => c.AgainstClaimed, (c, v) => c with { AgainstClaimed = v }, up, "Bounds on what is measured minus what the claims say."),
            new PartField<MetricClause, BaselineBound>("against_baseline", Baseline(metric, down), c => c.AgainstBaseline, (c, v) => c with { AgainstBaseline = v }, down, "Bounds on the model minus a trivial predictor."),
            new NamedPartsField<MetricClause, SliceClause>(
                "slices", _ => Slice(metric, Refuse), column => new SliceClause { Column = column }, s => s.Column, c => c.Slices, (c, v) => c with { Slices = v },
                ("country", metric.GreaterIsBetter ? "{min: 0.55}" : "{max: 0.25}"), "Bounds within the slices that columns cut the rows into.")
            { Noun = "column" },
            Bounds.Evidence<MetricClause>(c => c.Evidence, (c, v) => c with { Evidence = v }))
        {
            Check = (at, clause) =>
            {
                string[] demands = ["min", "max", "against_production", "against_claimed", "against_baseline", "slices"];
                if (demands.All(name => at.Find(name) is null))
                    at.Missing(metric.GreaterIsBetter ? "min" : "max", $"{at.Path} demands nothing; write at least one of {string.Join(", ", demands)}");
                Order(at, clause.Min, clause.Max);
            },
        };
    }

    private static Shape<Bound> Difference(MetricName metric, string name, string example) => new(
        () => new Bound(),
        Bounds.Min<Bound>(Kind.Number, b => b.Min, (b, v) => b with { Min = (double)v }, NoDifference(metric)),
        Bounds.Max<Bound>(Kind.Number, b => b.Max, (b, v) => b with { Max = (double)v }, NoDifference(metric)))
    {
        OneLine = true,
        Check = (at, bound) =>
        {
            Shape<Bound>.Bounded(metric.GreaterIsBetter ? "min" : "max", $"{name}: {example}")(at, bound);
            Order(at, bound.Min, bound.Max);
        },
    };

    private static Shape<BaselineBound> Baseline(MetricName metric, string example) => new(
        () => new BaselineBound(),
        Bounds.Min<BaselineBound>(Kind.Number, b => b.Min, (b, v) => b with { Min = (double)v }, NoDifference(metric)),
        Bounds.Max<BaselineBound>(Kind.Number, b => b.Max, (b, v) => b with { Max = (double)v }, NoDifference(metric)),
        new ValueField<BaselineBound>("predictor", Kind.Word([.. BaselineBound.Predictors]), b => b.Predictor, (b, v) => b with { Predictor = (string)v }, Tighter.Neither, "The trivial predictor."))
    {
        OneLine = true,
        Check = (at, bound) =>
        {
            if (at.Find("min") is null && at.Find("max") is null)
                at.Missing(metric.GreaterIsBetter ? "min" : "max", $"{at.Path} has no bound; write e.g. 'against_baseline: {example}'");
            Order(at, bound.Min, bound.Max);
        },
    };

    private static Shape<SliceClause> Slice(MetricName metric, Func<object, string?> refuse) => new(
        () => throw new InvalidOperationException("A clause on slices begins with its column."),
        Bounds.Min<SliceClause>(Kind.Number, s => s.Min, (s, v) => s with { Min = (double)v }, refuse),
        Bounds.Max<SliceClause>(Kind.Number, s => s.Max, (s, v) => s with { Max = (double)v }, refuse),
        Bounds.AtMost<SliceClause>("gap", Kind.Number, s => s.MaxGap, (s, v) => s with { MaxGap = (double)v }, "0.05", "How much worse than all rows a slice may be.", Bounds.NotBelow0("a gap")),
        new ValueField<SliceClause>("min_rows", Kind.Count, s => s.MinRows, (s, v) => s with { MinRows = (int)v }, Tighter.Neither, "Slices of fewer rows are shown and not judged.") { Unwritten = 100 })
    {
        OneLine = true,
        Check = (at, slice) =>
        {
            if (at.Find("min") is null && at.Find("max") is null && at.Find("gap") is null)
                at.Missing(metric.GreaterIsBetter ? "min" : "max", $"{at.Path} has no bound; write at least one of min, max, gap");
            Order(at, slice.Min, slice.Max);
        },
    };

    private static string WithNumber(string family) =>
        ((string[])["0.5", "5"]).Select(number => family.Replace("X", number, StringComparison.Ordinal)).First(name => MetricNames.Find(name) is not null);

    private static void Order(Fields at, double? min, double? max)
    {
        if (min > max)
            at.Fault("min", $"min {Quantities.Format(min.Value)} is above max {Quantities.Format(max.Value)}; no value can be both");
    }

    private static Func<object, string?> NoDifference(MetricName metric) =>
        v => Math.Abs((double)v) > metric.Highest - metric.Lowest ? $"{Quantities.Format((double)v)} is no difference of {Span(metric)}" : null;

    private static string Span(MetricName metric) => $"{metric.Name}, which " +
        (double.IsFinite(metric.Lowest), double.IsFinite(metric.Highest)) switch
        {
            (true, true) => $"lies between {Quantities.Format(metric.Lowest)} and {Quantities.Format(metric.Highest)}",
            (true, false) => $"is {Quantities.Format(metric.Lowest)} or more",
            _ => $"is {Quantities.Format(metric.Highest)} or less",
        };

    private static object? Measured(FairnessClause clause, string measure) => clause.Bounds.TryGetValue(measure, out var bound) ? bound : null;

    private static FairnessClause With(FairnessClause clause, string measure, double bound) =>
        clause with { Bounds = new SortedDictionary<string, double>(clause.Bounds.ToDictionary(), StringComparer.Ordinal) { [measure] = bound } };

    private static string? UnitRange(object v) => v is < 0.0 or > 1.0 ? "a measure of fairness lies between 0 and 1" : null;

    private static string Between(string measure) => $"{measure.Replace('_', ' ')} over the column's groups.";
}
