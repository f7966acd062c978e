using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Verification.Execution;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Robustness;

/// <summary>What a candidate gave for changed rows.</summary>
/// <param name="Answers">Its answers; null where it failed or gave none that is finite.</param>
/// <param name="Fault">What went wrong, as a sentence that names the row; null where nothing did.</param>
internal sealed record Probed(Answers? Answers, string? Fault);

/// <summary>A sample of the reference rows, and the candidate to ask about changes to them.</summary>
internal sealed class Probe(VerificationSession session) : IAsyncDisposable
{
    private const int MostRows = 5000;
    private readonly AnsweringModel _model = session.Ask();

    /// <summary>What the candidate takes.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; } = session.Candidate.Model.Inputs;

    /// <summary>Whether it takes one row at a time.</summary>
    public bool OneByOne => Inputs.Any(i => i.Shape is [1, ..]);

    /// <summary>Places of the sampled rows among the reference rows.</summary>
    public int[] Places { get; } = Sample(session.Candidate.Rows.Count, session.Candidate.Model.Inputs.Any(i => i.Shape is [1, ..]) ? MostRows / 10 : MostRows, session.Input.Seed);

    /// <summary>The sampled rows.</summary>
    public ReferenceRows Rows => field ??= session.Candidate.Rows.At(Places);

    /// <summary>What the candidate answered to them as they are.</summary>
    public Answers Answers => field ??= session.Candidate.Answers.At(Places);

    /// <summary>Rows from a seed, in their order.</summary>
    public static int[] Sample(int rows, int most, int seed)
    {
        int[] places = [.. Enumerable.Range(0, rows)];
        if (rows <= most)
            return places;
        new Random(seed).Shuffle(places);
        return [.. places.Take(most).Order()];
    }

    /// <summary>The input that a column fills; null where it fills none.</summary>
    public TensorSpec? InputOf(string column) => Inputs.FirstOrDefault(i => InputColumns.NamesOf(Rows.Columns, i).Contains(column));

    /// <summary>The columns that fill inputs, with the inputs.</summary>
    public IEnumerable<(string Column, TensorSpec Input)> Columns => Inputs.SelectMany(i => InputColumns.NamesOf(Rows.Columns, i).Select(c => (c, i)));

    /// <summary>Asks about rows; every answer must be finite.</summary>
    public async Task<Probed> AskAsync(ReferenceRows rows, CancellationToken cancellation)
    {
        var parts = new List<Answers>();
        var batch = OneByOne ? 1 : rows.Count;
        for (var start = 0; start < rows.Count; start += batch)
        {
            var answered = await _model.AskAsync(rows.Inputs(Inputs, start, batch), batch, cancellation);
            if (answered.Answers is not { } answers)
                return new Probed(null, await NamedAsync(rows, start, batch, answered.Failure!, cancellation));
            parts.Add(answers);
        }

        var all = Answers.Joined(parts);
        return all.FirstNotFinite is { } row
            ? new Probed(null, $"For row {rows.Ids[row]} the model gives no finite answer ({string.Join(", ", all.Numbers(row).Where(n => !double.IsFinite(n)).Take(3))}).")
            : new Probed(all, null);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _model.DisposeAsync();

    // Halved until one row is left: the process that a row kills is started anew by the next question.
    private async Task<string> NamedAsync(ReferenceRows rows, int start, int count, ModelProcessFailure failure, CancellationToken cancellation)
    {
        while (count > 1 && failure is (ModelProcessFailure.Refused or ModelProcessFailure.Crashed))
        {
            var half = count / 2;
            var first = await _model.AskAsync(rows.Inputs(Inputs, start, half), half, cancellation);
            var second = first.Failure is null ? await _model.AskAsync(rows.Inputs(Inputs, start + half, count - half), count - half, cancellation) : first;
            if (second.Failure is not { } closer)
                break;
            (start, count) = first.Failure is null ? (start + half, count - half) : (start, half);
            failure = closer;
        }

        return $"The model fails on {(count == 1 ? $"row {rows.Ids[start]}" : $"rows {rows.Ids[start]} to {rows.Ids[start + count - 1]} together")}: {failure.Sentence.TrimEnd('.')}.";
    }
}
