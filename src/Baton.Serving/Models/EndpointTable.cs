using System.Collections.Frozen;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Baton.Serving.Models;

/// <summary>
/// Which model answers for which endpoint. A change loads and warms up what is new beside what serves, swaps in one step, and lets what is old finish the
/// requests that it has: there is no moment without an answer. What fails to load leaves in service what was there.
/// </summary>
public sealed partial class EndpointTable(ModelSlotOptions options, TimeProvider time, ILogger<EndpointTable> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _applying = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _unloading = [];
    private volatile FrozenDictionary<string, ServedEndpoint> _endpoints = FrozenDictionary<string, ServedEndpoint>.Empty;
    private volatile bool _applied;

    /// <summary>Names of the endpoints, in ordinal order.</summary>
    public IReadOnlyList<string> Names => [.. _endpoints.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether it is known what to serve, and every endpoint has a model that answers.</summary>
    public bool IsReady => _applied && _endpoints.Values.All(e => e.Serving.Any(m => m.State == EndpointState.Ready));

    /// <summary>
    /// Makes the table serve exactly these versions; the first of an endpoint answers where no version is asked for. Returns when all of them are loaded or
    /// have failed (<see cref="Status"/> tells); one that failed is tried again by the next call. Calls follow one another: cancel one to make way for
    /// newer wishes.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; what was not loaded yet stays as it was.</exception>
    public async Task ApplyAsync(IReadOnlyList<ServedVersion> wanted, CancellationToken cancellation = default)
    {
        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var endpoints = wanted.GroupBy(v => v.Endpoint, StringComparer.Ordinal).ToList();
            foreach (var gone in _endpoints.Keys.Except(endpoints.Select(e => e.Key)).ToList())
                Publish(gone, null);
            foreach (var endpoint in endpoints)
                Publish(endpoint.Key, Known(endpoint.Key, endpoint));
            _applied = true;
            await Parallel.ForEachAsync(
                endpoints, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
                async (endpoint, token) => await LoadAsync(endpoint.Key, [.. endpoint], token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>What answers for an endpoint, or for one version of it; null where there is no such thing.</summary>
    /// <param name="endpoint">Name of the endpoint.</param>
    /// <param name="version">The version; null for whichever serves.</param>
    public ServedModel? Find(string endpoint, string? version = null)
    {
        if (!_endpoints.TryGetValue(endpoint, out var found))
            return null;
        if (version is null)
            return found.Serving.Length > 0 ? found.Serving[0] : found.Waiting[0];
        return Array.Find(found.Serving, m => m.Version.Version == version) ?? Array.Find(found.Waiting, m => m.Version.Version == version);
    }

    /// <summary>The versions that an endpoint serves; empty where there are none.</summary>
    public IReadOnlyList<ServedModel> Serving(string endpoint) => _endpoints.TryGetValue(endpoint, out var found) ? found.Serving : [];

    /// <summary>Every version behind every endpoint, with its state.</summary>
    public IReadOnlyList<EndpointStatus> Status() =>
        [.. _endpoints.OrderBy(e => e.Key, StringComparer.Ordinal).SelectMany(e => e.Value.Serving.Concat(e.Value.Waiting)).Select(m => m.Status)];

    /// <summary>Completes when all that was swapped out so far is unloaded.</summary>
    public Task UnloadedAsync()
    {
        lock (_gate)
            return Task.WhenAll(_unloading);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _applying.WaitAsync().ConfigureAwait(false);
        foreach (var name in _endpoints.Keys)
            Publish(name, null);
        _applying.Release();
        await UnloadedAsync().ConfigureAwait(false);
    }

    private List<ServedModel> Known(string endpoint, IEnumerable<ServedVersion> wanted)
    {
        var old = Serving(endpoint);
        // Another policy of logging is no reason to load again.
        return [.. wanted.Select(w => new ServedModel(w, old.FirstOrDefault(m => m.Version.LoadsLike(w))?.Slot, failure: null))];
    }

    private async Task LoadAsync(string endpoint, IReadOnlyList<ServedVersion> wanted, CancellationToken cancellation)
    {
        var models = Known(endpoint, wanted);
        for (var i = 0; i < models.Count; i++)
        {
            if (models[i].Slot is not null)
                continue;
            var version = models[i].Version;
            models[i] = version.Project == wanted[0].Project
                ? await LoadAsync(version, cancellation).ConfigureAwait(false)
                : new ServedModel(version, null, $"Project {wanted[0].Project} has an endpoint of this name on this node; name one of them otherwise.");
            Publish(endpoint, models);
        }
    }

    private async Task<ServedModel> LoadAsync(ServedVersion version, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        try
        {
            var slot = await ModelSlot.LoadAsync(version, options, time, cancellation).ConfigureAwait(false);
            LogLoaded(log, version.Endpoint, version.Model, version.Version, version.Verified ? "the node" : "a worker process", (long)time.GetElapsedTime(started).TotalMilliseconds);
            return new ServedModel(version, slot, failure: null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever keeps one model from loading must not keep others from being served.
            LogFailed(log, e, version.Endpoint, version.Model, version.Version);
            return new ServedModel(version, null, e.Message);
        }
    }

    private void Publish(string endpoint, List<ServedModel>? models)
    {
        lock (_gate)
        {
            var old = _endpoints.TryGetValue(endpoint, out var there) ? there.Serving : [];
            var next = new Dictionary<string, ServedEndpoint>(_endpoints);
            next.Remove(endpoint);
            if (models is { Count: > 0 })
                next[endpoint] = ServedEndpoint.Of(models, old);
            _endpoints = next.ToFrozenDictionary(StringComparer.Ordinal);
            var kept = next.TryGetValue(endpoint, out var now) ? now.Serving : [];
            foreach (var model in old.Where(o => kept.All(k => k.Slot != o.Slot)))
                Unload(model);
        }
    }

    private void Unload(ServedModel model)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        var unloading = UnloadAsync(model);
        _unloading.Add(unloading);
        _ = unloading.ContinueWith(
            done =>
            {
                lock (_gate)
                    _unloading.Remove(done);
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task UnloadAsync(ServedModel model)
    {
        await Task.Yield();
        await model.Slot!.DisposeAsync().ConfigureAwait(false);
        LogUnloaded(log, model.Version.Endpoint, model.Version.Model, model.Version.Version);
    }

    [LoggerMessage(3101, LogLevel.Information, "Endpoint {Endpoint}: version {Version} of {Model} loaded into {Where} in {Milliseconds} ms")]
    private static partial void LogLoaded(ILogger log, string endpoint, string model, string version, string where, long milliseconds);

    [LoggerMessage(3102, LogLevel.Error, "Endpoint {Endpoint}: version {Version} of {Model} does not load; what served goes on serving")]
    private static partial void LogFailed(ILogger log, Exception failure, string endpoint, string model, string version);

    [LoggerMessage(3103, LogLevel.Information, "Endpoint {Endpoint}: version {Version} of {Model} unloaded")]
    private static partial void LogUnloaded(ILogger log, string endpoint, string model, string version);
}
