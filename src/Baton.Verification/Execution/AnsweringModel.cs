using Baton.Contracts;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Verification.Reference;

namespace Baton.Verification.Execution;

/// <summary>What a model gave for some rows: answers, or why there are none.</summary>
/// <param name="Answers">Its answers; null where it failed.</param>
/// <param name="Failure">Why there are none; null where there are.</param>
internal sealed record Answered(Answers? Answers, ModelProcessFailure? Failure);

/// <summary>A model in a clean process of its own, asked for what the claims call its prediction and score. A process that died is started anew by the next question.</summary>
/// <param name="modelPath">The model file: all that the process is told of.</param>
/// <param name="roles">Which output is what.</param>
/// <param name="options">How to start the process.</param>
/// <param name="time">Clock of its deadlines.</param>
internal sealed class AnsweringModel(string modelPath, InterfaceClaim roles, ModelProcessOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly OutputColumn? _score = roles.Score is { } score ? OutputColumn.Parse(score) : null;
    private readonly OutputColumn? _prediction = roles.Prediction is { } prediction ? OutputColumn.Parse(prediction) : null;
    private ModelProcessClient? _process;

    /// <summary>What runs it; empty where it never got there.</summary>
    public string Runtime { get; private set; } = "";

    /// <summary>Loads the model, unless it is loaded.</summary>
    /// <returns>Why it does not load; null where it does.</returns>
    public async Task<ModelProcessFailure?> LoadAsync(CancellationToken cancellation)
    {
        if (_process is not null)
            return null;
        _process = await ModelProcessClient.StartAsync(options, time, cancellation);
        Runtime = _process.Runtime;
        var failure = (await _process.LoadAsync(modelPath, cancellation)).Failure;
        if (failure is not null)
            await EndAsync();
        return failure;
    }

    /// <summary>Asks for the answers to some rows.</summary>
    /// <param name="inputs">One tensor for each input.</param>
    /// <param name="rows">How many rows they have.</param>
    /// <param name="cancellation">Kills the process.</param>
    /// <exception cref="ReferenceException">Its outputs are not what the claims say.</exception>
    public async Task<Answered> AskAsync(IReadOnlyList<Tensor> inputs, int rows, CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is { } unloaded)
            return new Answered(null, unloaded);
        var outcome = await _process!.PredictAsync(inputs, cancellation);
        if (outcome.Value is { } outputs)
            return new Answered(Read(outputs, rows), null);
        if (!outcome.Failure!.IsAlive)
            await EndAsync();
        return new Answered(null, outcome.Failure);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    private Answers Read(IReadOnlyList<Tensor> outputs, int rows)
    {
        var (scores, classes) = _score is null ? (null, null) : Scores(Output(outputs, _score, rows), _score);
        return new Answers(scores, _prediction is null ? null : Predicted(Output(outputs, _prediction, rows), _prediction)) { ClassScores = classes };
    }

    private static Tensor Output(IReadOnlyList<Tensor> outputs, OutputColumn wanted, int rows)
    {
        var output = outputs.FirstOrDefault(o => o.Name == wanted.Name) ?? throw new ReferenceException(
            $"The claims name output `{wanted.Name}`, and the model gives {string.Join(", ", outputs.Select(o => $"`{o.Name}`"))}. Write the claims anew from this package.");
        return output.Rows == rows && (rows == 0 || wanted.Column < output.Width) ? output : throw new ReferenceException(
            $"The claims name column {wanted.Column} of output `{wanted.Name}` for {rows} rows, and the model gives it as {output}.");
    }

    // A whole output of several columns is the scores of the classes; of two, the second is the positive one.
    private static (double[]? Scores, double[][]? Classes) Scores(Tensor output, OutputColumn wanted)
    {
        if (output.Datatype == "BYTES")
            throw new ReferenceException($"The claims call output `{wanted.Name}` the score, and it holds text.");
        if (output.Rows == 0 || !wanted.Whole || output.Width == 1)
            return (output.Rows == 0 ? [] : output.ColumnAsDoubles(wanted.Column), null);
        var columns = Enumerable.Range(0, output.Width).Select(output.ColumnAsDoubles).ToArray();
        return (columns.Length == 2 ? columns[1] : null, [.. Enumerable.Range(0, output.Rows).Select(row => Array.ConvertAll(columns, column => column[row]))]);
    }

    private static PredictedValues Predicted(Tensor output, OutputColumn wanted) => output switch
    {
        { Rows: 0 } => new PredictedValues(Array.Empty<double>()),
        { Datatype: "BYTES" } => new PredictedValues([.. ((string[])output.Values).Where((_, i) => i % output.Width == wanted.Column)]),
        _ => new PredictedValues(output.ColumnAsDoubles(wanted.Column)),
    };
}
