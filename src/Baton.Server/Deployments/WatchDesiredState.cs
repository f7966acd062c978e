using System.Globalization;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Baton.Server.Deployments;

/// <summary>
/// Tells serving nodes what to serve, as soon as it changes. Whatever changes it stands in the ledger, so it is worked out anew only where the ledger has
/// grown; its generation is its digest, so what does not change it wakes nobody.
/// </summary>
internal sealed class WatchDesiredState(
    BatonDatabase database,
    DeploymentsStore store,
    ArtifactsStore artifacts,
    HandoffStore handoffs,
    Proofs proofs,
    EventSignal signal,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    /// <summary>Other control planes change it too and cannot wake this one.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private Known? _known;

    /// <summary>What is to be served: at once where it is not <paramref name="after"/>, else when it changes, when the wait is over or the server stops.</summary>
    public async Task<DesiredState> HandleAsync(long? after, TimeSpan wait, CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var deadline = time.GetUtcNow() + wait;
        while (true)
        {
            var next = signal.Next;
            var state = await ReadAsync(cancellation);
            var left = deadline - time.GetUtcNow();
            if (state.Generation != after || left <= TimeSpan.Zero)
                return state;
            try
            {
                await Signal.WaitAsync(next, left < LookAgain ? left : LookAgain, time, stopping.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return state;
            }
        }
    }

    private Task<DesiredState> ReadAsync(CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var head = await ReadLedger.HeadAsync(sql);
        if (_known is { } known && known.LedgerHead == head)
            return known.State;
        var endpoints = new List<DesiredEndpoint>();
        foreach (var deployment in await store.ServedAsync(sql))
            endpoints.Add(await DesiredAsync(sql, deployment));
        var state = DesiredState.Of(endpoints);
        _known = new Known(head, state);
        return state;
    }, cancellation);

    private async Task<DesiredEndpoint> DesiredAsync(Session sql, Deployment d)
    {
        var proof = await proofs.FindAsync(sql, d.Project, d.Model, d.Version, d.PackageDigest);
        var claims = await handoffs.FindClaimsAsync(sql, d.Project, d.Model, d.Version, proof.ClaimsDigest);
        return new DesiredEndpoint
        {
            Project = d.Project,
            Endpoint = d.Endpoint,
            Model = d.Model,
            Version = d.Version.ToString(CultureInfo.InvariantCulture),
            Package = (await artifacts.FindManifestAsync(sql, d.Project, d.PackageDigest))!,
            PackageDigest = d.PackageDigest,
            Verified = proof.Verified,
            Claims = claims is null ? null : Documents.Read<Claims>(claims.Document),
            Logging = await store.LoggingAsync(sql, d.Project, d.Endpoint),
        };
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("GET", "serving/desired", Permission.WatchServing, async (
        long? after, double? wait_seconds, WatchDesiredState watch, CancellationToken cancellation) =>
        Results.Json(await watch.HandleAsync(after, TimeSpan.FromSeconds(Math.Clamp(wait_seconds ?? 0, 0, 60)), cancellation), Documents.Compact));

    private sealed record Known(long LedgerHead, DesiredState State);
}
