using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Jobs;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Predictions;

/// <summary>What an agent is told of a replay, and what it hands back.</summary>
internal sealed class ReplayJobs(PredictionsStore store, ArtifactsStore artifacts, HandoffStore handoffs) : IJobKind
{
    public const string KindName = "replay";

    public string Kind => KindName;

    public async Task<object> PayloadAsync(Session sql, Job job)
    {
        var replay = (await store.FindReplayAsync(sql, job.Project, job.Subject))!;
        return new ReplayRequest
        {
            Model = replay.Model,
            Version = replay.Version.ToString(CultureInfo.InvariantCulture),
            Package = (await artifacts.FindManifestAsync(sql, job.Project, replay.PackageDigest))!,
            Claims = await handoffs.FindClaimsAsync(sql, job.Project, replay.Model, replay.Version) is { } claims ? Documents.Read<Claims>(claims.Document) : null,
            Inputs = Documents.Read<Dictionary<string, JsonElement>>(replay.Inputs),
        };
    }

    public Task CompletedAsync(Change change, Job job, JsonElement result)
    {
        var run = result.ValueKind == JsonValueKind.Object ? result.Deserialize<ReplayResult>(Documents.Compact) : null;
        return run is { Outputs: not null } or { Fault: not null }
            ? store.EndReplayAsync(change, job.Subject, "finished", Documents.Write(run), null)
            : throw Refusal.Invalid("The result holds neither outputs nor a fault.");
    }

    public Task EndedAsync(Change change, Job job, string state, string reason) => store.EndReplayAsync(change, job.Subject, state, null, reason);
}
