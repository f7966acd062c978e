using Baton.Client;
using Baton.Serving.Models;
using Microsoft.Extensions.Logging;
using EndpointState = Baton.Serving.Models.EndpointState;

namespace Baton.Serving.Node;

/// <summary>
/// Brings the table to a wish: files first, then models. An endpoint whose new version cannot be had keeps the one that it has. One call at a time.
/// </summary>
internal sealed partial class Uptake(EndpointTable table, Preparation preparation, PackageCache packages, NodeStateFile file, ILogger<Uptake> log)
{
    private readonly Dictionary<Place, ServedVersion> _prepared = [];
    private Dictionary<Place, DesiredEndpoint> _served = [];
    private volatile IReadOnlyList<EndpointReport> _short = [];
    private NodeState? _kept;

    /// <summary>How every endpoint stands, those whose files are not here yet included.</summary>
    public IReadOnlyList<EndpointReport> Status()
    {
        var known = table.Status().Select(s => new EndpointReport(s.Endpoint, s.Version, StateOf(s.State), s.Reason, s.Project)).ToList();
        return [.. known, .. _short.Where(s => !known.Exists(k => (k.Project, k.Endpoint, k.Version) == (s.Project, s.Endpoint, s.Version)))];
    }

    /// <summary>
    /// Serves what answered last, before the first wish after a start is taken up: where that cannot be had, this goes on serving. Asks nothing of the
    /// control plane.
    /// </summary>
    public async Task RestoreAsync(NodeState kept, CancellationToken cancellation)
    {
        foreach (var endpoint in kept.Served.Where(e => packages.Has(e.PackageDigest)))
            await PrepareAsync(endpoint, cancellation);
        await table.ApplyAsync([.. _prepared.Values], cancellation);
        (_kept, _served) = (kept, kept.Served.ToDictionary(PlaceOf));
    }

    /// <summary>Takes up a wish and keeps it on disk.</summary>
    /// <returns>Whether all of it is served; if not, the next call tries the rest again.</returns>
    public async Task<bool> TakeUpAsync(DesiredState wish, CancellationToken cancellation)
    {
        foreach (var gone in _prepared.Keys.Except(wish.Endpoints.Select(PlaceOf)).ToList())
            _prepared.Remove(gone);
        _short = [.. wish.Endpoints.Select(e => Standing(e, ServedState.Loading, null))];
        var faults = new List<EndpointReport>();
        // What lies here already does not wait for what must be downloaded.
        foreach (var group in wish.Endpoints.GroupBy(e => packages.Has(e.PackageDigest)).OrderByDescending(g => g.Key))
        {
            foreach (var endpoint in group)
            {
                if (await PrepareAsync(endpoint, cancellation) is { } fault)
                    faults.Add(fault);
            }

            await table.ApplyAsync([.. wish.Endpoints.Select(PlaceOf).Where(_prepared.ContainsKey).Select(place => _prepared[place])], cancellation);
        }

        if (wish.Endpoints.Count == 0)
            await table.ApplyAsync([], cancellation);
        _short = faults;
        await KeepAsync(wish, cancellation);
        packages.Trim(wish.Endpoints.Concat(_served.Values).SelectMany(Preparation.DigestsOf).ToHashSet(StringComparer.Ordinal));
        return faults.Count == 0 && Status().All(s => s.State == ServedState.Ready);
    }

    /// <summary>Prepares what an endpoint wishes; where that fails, what was prepared for it before stays. The fault, where there was one.</summary>
    private async Task<EndpointReport?> PrepareAsync(DesiredEndpoint wish, CancellationToken cancellation)
    {
        try
        {
            _prepared[PlaceOf(wish)] = await preparation.PrepareAsync(wish, cancellation);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogNotPrepared(wish.Endpoint, wish.Version, wish.Model, e.Message);
            return Standing(wish, e is ServerUnreachableException ? ServedState.Loading : ServedState.Failed, e.Message);
        }
    }

    private async Task KeepAsync(DesiredState wish, CancellationToken cancellation)
    {
        var ready = table.Status().Where(s => s.State == EndpointState.Ready).Select(s => (s.Project, s.Endpoint, s.Version)).ToHashSet();
        _served = wish.Endpoints
            .Select(e => ready.Contains((e.Project, e.Endpoint, e.Version)) ? e : _served.GetValueOrDefault(PlaceOf(e)))
            .OfType<DesiredEndpoint>().ToDictionary(PlaceOf);
        try
        {
            if (_kept is not null && ReferenceEquals(_kept.Desired, wish) && _kept.Served.SequenceEqual(_served.Values))
                return;
            _kept = new NodeState(wish, [.. _served.Values]);
            await file.WriteAsync(_kept, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _kept = null;
            LogNotKept(e.Message);
        }
    }

    private static EndpointReport Standing(DesiredEndpoint wish, ServedState state, string? reason) =>
        new(wish.Endpoint, wish.Version, state, reason, wish.Project);

    private static ServedState StateOf(EndpointState state) => state switch
    {
        EndpointState.Loading => ServedState.Loading,
        EndpointState.Ready => ServedState.Ready,
        _ => ServedState.Failed,
    };

    private static Place PlaceOf(DesiredEndpoint endpoint) => new(endpoint.Project, endpoint.Endpoint, endpoint.Arm);

    [LoggerMessage(2004, LogLevel.Warning, "Endpoint {Endpoint}: version {Version} of {Model} cannot be served yet: {Reason}")]
    private partial void LogNotPrepared(string endpoint, string version, string model, string reason);

    [LoggerMessage(2005, LogLevel.Error, "What is to be served cannot be kept on this disk, and would not be known after a start without control plane: {Reason}")]
    private partial void LogNotKept(string reason);

    private sealed record Place(string Project, string Endpoint, string Arm);
}
