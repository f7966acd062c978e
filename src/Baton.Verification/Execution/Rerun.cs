using Baton.Contracts;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Verification.Reference;

namespace Baton.Verification.Execution;

/// <summary>What running a model on all reference inputs gave.</summary>
/// <param name="Answers">Its answers; null where it failed.</param>
/// <param name="Fault">Why there are none, as a sentence; null where there are.</param>
/// <param name="Runtime">What ran it; empty where it never got there.</param>
internal sealed record RerunResult(Answers? Answers, string? Fault, string Runtime);

/// <summary>Runs a model on all reference inputs, in batches, in a clean process.</summary>
internal static class Rerun
{
    private const int BatchRows = 2048;

    /// <summary>Loads the model and runs it.</summary>
    /// <param name="modelPath">The model file: all that the process is told of.</param>
    /// <param name="inputs">What the model takes.</param>
    /// <param name="roles">Which output is what.</param>
    /// <param name="rows">The inputs.</param>
    /// <param name="options">How to start the process.</param>
    /// <param name="time">Clock of its deadlines.</param>
    /// <param name="progress">Share of rows done.</param>
    /// <param name="cancellation">Kills the process.</param>
    /// <exception cref="ReferenceException">The rows do not fit the model's inputs, or its outputs are not what the claims say.</exception>
    public static async Task<RerunResult> RunAsync(
        string modelPath, IReadOnlyList<TensorSpec> inputs, InterfaceClaim roles, ReferenceRows rows, ModelProcessOptions options, TimeProvider time,
        Action<double> progress, CancellationToken cancellation)
    {
        await using var process = await ModelProcessClient.StartAsync(options, time, cancellation);
        if ((await process.LoadAsync(modelPath, cancellation)).Failure is { } unloaded)
            return new RerunResult(null, $"The model does not load from the package: {unloaded.Sentence.TrimEnd('.')}.", process.Runtime);
        var score = roles.Score is { } named ? OutputColumn.Parse(named) : null;
        var prediction = roles.Prediction is { } called ? OutputColumn.Parse(called) : null;
        var scores = score is null ? null : new double[rows.Count];
        var predictions = new List<Tensor>();
        var batch = inputs.Any(i => i.Shape is [1, ..]) ? 1 : BatchRows;
        for (var start = 0; start < rows.Count; start += batch)
        {
            var count = Math.Min(batch, rows.Count - start);
            var outcome = await process.PredictAsync(rows.Inputs(inputs, start, count), cancellation);
            if (outcome.Value is not { } outputs)
            {
                var where = $"rows {start + 1} to {start + count} of the reference inputs";
                return new RerunResult(null, $"The model failed on {where}: {outcome.Failure!.Sentence.TrimEnd('.')}.", process.Runtime);
            }

            if (score is not null)
                Column(Output(outputs, score, count), score).CopyTo(scores!, start);
            if (prediction is not null)
                predictions.Add(Output(outputs, prediction, count));
            progress((double)(start + count) / rows.Count);
        }

        return new RerunResult(new Answers(scores, prediction is null ? null : Predicted(predictions, prediction)), null, process.Runtime);
    }

    private static Tensor Output(IReadOnlyList<Tensor> outputs, OutputColumn wanted, int rows)
    {
        var output = outputs.FirstOrDefault(o => o.Name == wanted.Name) ?? throw new ReferenceException(
            $"The claims name output `{wanted.Name}`, and the model gives {string.Join(", ", outputs.Select(o => $"`{o.Name}`"))}. Write the claims anew from this package.");
        return output.Rows == rows && wanted.Column < output.Width ? output : throw new ReferenceException(
            $"The claims name column {wanted.Column} of output `{wanted.Name}` for {rows} rows, and the model gives it as {output}.");
    }

    private static double[] Column(Tensor output, OutputColumn wanted) => output.Datatype == "BYTES"
        ? throw new ReferenceException($"The claims call output `{wanted.Name}` the score, and it holds text.")
        : output.ColumnAsDoubles(wanted.Column);

    private static PredictedValues Predicted(List<Tensor> batches, OutputColumn wanted) => batches is [{ Datatype: "BYTES" }, ..]
        ? new PredictedValues([.. batches.SelectMany(b => ((string[])b.Values).Where((_, i) => i % b.Width == wanted.Column))])
        : new PredictedValues([.. batches.SelectMany(b => b.ColumnAsDoubles(wanted.Column))]);
}
