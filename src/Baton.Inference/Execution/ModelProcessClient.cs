using System.ComponentModel;

namespace Baton.Inference.Execution;

/// <summary>
/// The owner's side of a model process: a clean child that knows nothing but the model file it is told to load. Whatever the model does,
/// each call ends in a value within its time, and disposing leaves no process behind. One call at a time.
/// </summary>
public sealed class ModelProcessClient : IAsyncDisposable
{
    private readonly ModelProcessOptions _options;
    private readonly TimeProvider _time;
    private readonly ChildProcess? _child;
    private ModelProcessFailure? _death;

    private ModelProcessClient(ModelProcessOptions options, TimeProvider time, ChildProcess? child)
    {
        _options = options;
        _time = time;
        _child = child;
    }

    /// <summary>Memory of the process when the runtime was up and no model was loaded; zero where it never got there.</summary>
    public ProcessMemory Empty { get; private set; } = new(0, 0);

    /// <summary>Name of the runtime in it; empty where it never got there.</summary>
    public string Runtime { get; private set; } = "";

    /// <summary>Its process id; null where it could not be started.</summary>
    public int? ProcessId => _child?.Id;

    /// <summary>Starts a process. One that cannot be started is a client whose every call fails with the reason.</summary>
    public static async Task<ModelProcessClient> StartAsync(ModelProcessOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(options.FileName, options.Arguments, options.MemoryLimitBytes, time);
        }
        catch (Win32Exception e)
        {
            return new ModelProcessClient(options, time, child: null)
            {
                _death = new ModelProcessFailure.Broken($"the model process could not be started: {options.FileName}: {e.Message}"),
            };
        }

        var client = new ModelProcessClient(options, time, child);
        try
        {
            var ready = await client.ExchangeAsync(request: null, options.LoadTimeout, cancellation);
            client.Empty = ready.Value?.Header.Memory ?? client.Empty;
            client.Runtime = ready.Value?.Header.Message ?? "";
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads the model file.</summary>
    public async Task<ModelProcessOutcome<ProcessMemory>> LoadAsync(string path, CancellationToken cancellation) =>
        Only(await ExchangeAsync(new Frame(new FrameHeader { Verb = "load", Path = Path.GetFullPath(path) }), _options.LoadTimeout, cancellation), f => f.Header.Memory);

    /// <summary>Loads a model once more, runs it once under the runtime's profiler, and tells what really ran it. Takes memory of its own.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="inputs">One tensor for each input.</param>
    /// <param name="cancellation">Kills the process.</param>
    public async Task<ModelProcessOutcome<RuntimeFacts>> ProfileAsync(string path, IReadOnlyList<Tensor> inputs, CancellationToken cancellation) => Only(
        await ExchangeAsync(
            new Frame(new FrameHeader { Verb = "profile", Path = Path.GetFullPath(path) }, [.. inputs.Select(TensorColumns.ToColumn)]), _options.LoadTimeout, cancellation),
        f => f.Header.Runtime);

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">One tensor for each input; the first dimension is the row.</param>
    /// <param name="cancellation">Kills the process.</param>
    /// <returns>The outputs in the model's order.</returns>
    public async Task<ModelProcessOutcome<IReadOnlyList<Tensor>>> PredictAsync(IReadOnlyList<Tensor> inputs, CancellationToken cancellation) =>
        Only(
            await ExchangeAsync(new Frame(new FrameHeader { Verb = "predict" }, [.. inputs.Select(TensorColumns.ToColumn)]), _options.CallTimeout, cancellation),
            f => f.Columns.Select(TensorColumns.ToTensor).ToArray() as IReadOnlyList<Tensor>);

    /// <summary>Puts a load on the model.</summary>
    /// <param name="sample">Rows that the requests are cut from, in turn.</param>
    /// <param name="plan">The load.</param>
    /// <param name="progress">Told how many requests were sent, now and then.</param>
    /// <param name="cancellation">Kills the process.</param>
    public async Task<ModelProcessOutcome<BenchResult>> BenchAsync(
        IReadOnlyList<Tensor> sample, BenchPlan plan, Action<int>? progress, CancellationToken cancellation)
    {
        var request = new Frame(new FrameHeader { Verb = "bench", Bench = plan }, [.. sample.Select(TensorColumns.ToColumn)]);
        return Only(await ExchangeAsync(request, plan.Longest + _options.CallTimeout, cancellation, progress), BenchResult.Of);
    }

    /// <summary>Peak and current memory of the process.</summary>
    public async Task<ModelProcessOutcome<ProcessMemory>> ReadMemoryAsync(CancellationToken cancellation) =>
        Only(await ExchangeAsync(new Frame(new FrameHeader { Verb = "memory" }), _options.CallTimeout, cancellation), f => f.Header.Memory);

    /// <summary>Completes when the process is gone, whyever; at once where it never started. The next call tells why.</summary>
    public Task EndedAsync(CancellationToken cancellation) =>
        _child is null ? Task.CompletedTask : _child.EndedWithinAsync(Timeout.InfiniteTimeSpan, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_child is null)
            return;
        if (_death is null)
        {
            try
            {
                // Asked first: a process that ends by itself takes its descendants and files along.
                await FrameCodec.WriteAsync(_child.Input, new Frame(new FrameHeader { Verb = "quit" }), default).WaitAsync(TimeSpan.FromMilliseconds(200), _time);
                await _child.EndedWithinAsync(TimeSpan.FromSeconds(1));
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                // It does not listen; it is killed.
            }
        }

        await _child.DisposeAsync();
    }

    private static ModelProcessOutcome<T> Only<T>(ModelProcessOutcome<Frame> answer, Func<Frame, T?> value)
        where T : class
    {
        if (answer.Value is not { } frame)
            return answer.Failure!;
        try
        {
            return value(frame) is { } found ? found : new ModelProcessFailure.Broken("the model process left out what it was asked for");
        }
        catch (InvalidFrameException e)
        {
            return new ModelProcessFailure.Broken($"the model process sent a damaged answer: {e.Message}");
        }
    }

    private async Task<ModelProcessOutcome<Frame>> ExchangeAsync(
        Frame? request, TimeSpan timeout, CancellationToken cancellation, Action<int>? progress = null)
    {
        if (_death is not null)
            return _death;
        // The exchange is abandoned, not awaited, when its time is up: a pipe that a descendant holds open may never end.
        var exchange = AskAsync(request, progress);
        try
        {
            return await exchange.WaitAsync(timeout, _time, cancellation);
        }
        catch (TimeoutException)
        {
            _death = _child!.OverLimit is { } over ? over : new ModelProcessFailure.TimedOut(timeout);
        }
        catch (OperationCanceledException)
        {
            _death = new ModelProcessFailure.Broken("the call was cancelled and the model process stopped");
            _child!.Kill();
            throw;
        }
        catch (InvalidFrameException e)
        {
            _death = _child!.OverLimit is { } over ? over : await DiedMidFrameAsync(e);
        }
        catch (IOException)
        {
            _death = await _child!.DeathAsync();
        }

        _child.Kill();
        return _death;
    }

    private async Task<ModelProcessOutcome<Frame>> AskAsync(Frame? request, Action<int>? progress)
    {
        if (request is not null)
        {
            try
            {
                await FrameCodec.WriteAsync(_child!.Input, request, default);
            }
            catch (InvalidFrameException e)
            {
                return new ModelProcessFailure.Refused(e.Message);
            }
        }

        var answer = await FrameCodec.ReadAsync(_child!.Output, default) ?? throw new EndOfStreamException();
        while (answer.Header is { Verb: "progress" } sent)
        {
            progress?.Invoke(sent.Done ?? 0);
            answer = await FrameCodec.ReadAsync(_child.Output, default) ?? throw new EndOfStreamException();
        }

        return answer.Header.Verb switch
        {
            "ok" or "ready" => answer,
            "refused" => new ModelProcessFailure.Refused(answer.Header.Message ?? "the model refused without a word"),
            var verb => throw new InvalidFrameException($"an answer's verb is ok or refused, not {verb}"),
        };
    }

    private async Task<ModelProcessFailure> DiedMidFrameAsync(InvalidFrameException e) =>
        await _child!.EndedWithinAsync(TimeSpan.FromMilliseconds(200))
            ? await _child.DeathAsync()
            : new ModelProcessFailure.Broken($"the model process does not speak the protocol: {e.Message}{_child.Said()}");
}
