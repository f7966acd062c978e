using System.Globalization;
using Baton.Inference;
using Baton.Inference.Execution;

namespace Baton.Serving.Models;

/// <summary>
/// A model that nobody has verified, in a worker process of its own: whatever it does, the node lives. A worker that dies is started again with
/// back-off; until it is back, callers are told so.
/// </summary>
internal sealed class WorkerSlot : ModelSlot
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ServedVersion _version;
    private readonly ModelSlotOptions _options;
    private readonly TimeProvider _time;
    private readonly WarmUp _warmUp;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _supervising;
    private ModelProcessClient? _worker;
    private volatile string? _fault;
    private TimeSpan _pause;
    private int _waiting;

    private WorkerSlot(
        ServedVersion version, ModelSlotOptions options, TimeProvider time, WarmUp warmUp, ModelDescription model, ModelProcessClient worker)
        : base(model.Inputs, model.Outputs)
    {
        _version = version;
        _options = options;
        _time = time;
        _warmUp = warmUp;
        _worker = worker;
        _pause = options.FirstRestart;
        _supervising = SuperviseAsync();
    }

    /// <inheritdoc />
    public override string? Fault => _fault;

    /// <summary>Process id of the worker; null while it is down.</summary>
    internal int? WorkerId => _worker?.ProcessId;

    private protected override TimeSpan? DrainLimit => _options.DrainLimit;

    /// <summary>Starts a worker and has it load the model.</summary>
    public static async Task<WorkerSlot> OpenAsync(ServedVersion version, ModelSlotOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var warmUp = await WarmUp.ReadAsync(version, cancellation).ConfigureAwait(false);
        var model = await Task.Run(() => OnnxFile.Describe(version.ModelPath), cancellation).ConfigureAwait(false);
        var worker = await StartAsync(version, options, warmUp, model.Inputs, time, cancellation).ConfigureAwait(false);
        return new WorkerSlot(version, options, time, warmUp, model, worker);
    }

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<Tensor>> RunAsync(IReadOnlyList<Tensor> inputs, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > _options.WorkerQueue + 1)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ModelUnavailableException($"{_options.WorkerQueue} requests already wait for the worker process of {Named}; ask again later.", Soon);
        }

        try
        {
            await _turn.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                if (_fault is not null || _worker is not { } worker)
                    throw Down(_fault);
                // Not cancelled with the request: cancelling a call kills the worker.
                var answer = await worker.PredictAsync(inputs, CancellationToken.None).ConfigureAwait(false);
                return answer switch
                {
                    { Value: { } outputs } => outputs,
                    { Failure: ModelProcessFailure.Refused refused } => throw new ModelRunException(refused.Message),
                    _ => throw Down(answer.Failure!.Sentence),
                };
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception e) when (_ending.IsCancellationRequested && e is ObjectDisposedException or InvalidOperationException)
        {
            throw Down("it is being unloaded");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private protected override async ValueTask UnloadAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _supervising.ConfigureAwait(false);
        if (_worker is { } worker)
            await worker.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private string Named => $"version {_version.Version} of {_version.Model}";

    private static async Task<ModelProcessClient> StartAsync(
        ServedVersion version, ModelSlotOptions options, WarmUp warmUp, IReadOnlyList<TensorSpec> inputs, TimeProvider time, CancellationToken cancellation)
    {
        if (options.Worker is null)
            throw new InvalidModelException("The version is not verified, and this node starts no worker processes; verify it first.");
        var worker = await ModelProcessClient.StartAsync(options.Worker, time, cancellation).ConfigureAwait(false);
        try
        {
            if ((await worker.LoadAsync(version.ModelPath, cancellation).ConfigureAwait(false)).Failure is { } unloaded)
                throw new InvalidModelException($"The model does not load in its worker process: {unloaded.Sentence.TrimEnd('.')}.");
            foreach (var batch in warmUp.Batches(inputs))
            {
                if ((await worker.PredictAsync(batch, cancellation).ConfigureAwait(false)).Failure is not { } failure)
                    continue;
                if (!failure.IsAlive)
                    throw new InvalidModelException($"The model's worker process died on the first call: {failure.Sentence.TrimEnd('.')}.");
                if (warmUp.Failure(failure.Sentence) is { } told)
                    throw new InvalidModelException(told);
                break;
            }

            return worker;
        }
        catch
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                var started = _time.GetTimestamp();
                await _worker!.EndedAsync(_ending.Token).ConfigureAwait(false);
                _fault = "its worker process ended";
                if (_time.GetElapsedTime(started) >= _options.StableAfter)
                    _pause = _options.FirstRestart;
                await BuryAsync().ConfigureAwait(false);
                while (_worker is null)
                    await ReviveAsync().ConfigureAwait(false);
                _fault = null;
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Unloaded.
        }
    }

    private async Task BuryAsync()
    {
        // Whoever is still inside gets the news from the worker's closed pipe, and only then is it let go.
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var death = (await _worker!.ReadMemoryAsync(CancellationToken.None).ConfigureAwait(false)).Failure;
            _fault = death?.Sentence ?? _fault;
            await _worker.DisposeAsync().ConfigureAwait(false);
            _worker = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReviveAsync()
    {
        await Task.Delay(_pause, _time, _ending.Token).ConfigureAwait(false);
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, _options.LongestRestart.Ticks));
        try
        {
            _worker = await StartAsync(_version, _options, _warmUp, Inputs, _time, _ending.Token).ConfigureAwait(false);
        }
        catch (InvalidModelException e)
        {
            _fault = e.Message;
        }
    }

    private ModelUnavailableException Down(string? why)
    {
        var again = _pause > Soon ? _pause : Soon;
        return new ModelUnavailableException(
            string.Create(CultureInfo.InvariantCulture, $"The worker process of {Named} is down ({why?.TrimEnd('.') ?? "not started"}); it is started again, ask in {again.TotalSeconds:0} s."),
            again);
    }
}
