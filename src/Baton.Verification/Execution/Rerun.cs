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
        await using var model = new AnsweringModel(modelPath, roles, options, time);
        if (await model.LoadAsync(cancellation) is { } unloaded)
            return new RerunResult(null, $"The model does not load from the package: {unloaded.Sentence.TrimEnd('.')}.", model.Runtime);
        var parts = new List<Answers>();
        var batch = inputs.Any(i => i.Shape is [1, ..]) ? 1 : BatchRows;
        for (var start = 0; start < rows.Count; start += batch)
        {
            var count = Math.Min(batch, rows.Count - start);
            var answered = await model.AskAsync(rows.Inputs(inputs, start, count), count, cancellation);
            if (answered.Answers is not { } answers)
            {
                var where = $"rows {start + 1} to {start + count} of the reference inputs";
                return new RerunResult(null, $"The model failed on {where}: {answered.Failure!.Sentence.TrimEnd('.')}.", model.Runtime);
            }

            if (parts is [var first, ..] && (first.ClassScores is null) != (answers.ClassScores is null))
                throw new ReferenceException("The model gives another number of scores for some rows than for others.");
            parts.Add(answers);
            progress((double)(start + count) / rows.Count);
        }

        return new RerunResult(parts.Count == 0 ? Nothing(roles) : Answers.Joined(parts), null, model.Runtime);
    }

    private static Answers Nothing(InterfaceClaim roles) =>
        new(roles.Score is null ? null : [], roles.Prediction is null ? null : new PredictedValues(Array.Empty<double>()));
}
