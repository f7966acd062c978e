using System.Globalization;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Promotion;

/// <summary>Which version is in which stage, and what the gate would say of a version.</summary>
internal sealed class ReadStages(BatonDatabase database, RegistryStore registry, Gate gate)
{
    /// <summary>The version in staging and in production, where there is one.</summary>
    public Task<IReadOnlyList<ModelVersion>> CurrentAsync(Caller caller, ModelName name, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ModelVersion>>(async sql =>
        {
            var current = new List<ModelVersion>();
            foreach (var stage in (string[])[Stages.Staging, Stages.Production])
            {
                if (await registry.FindInStageAsync(sql, caller.Project, name.Value, stage) is { } version)
                    current.Add(version);
            }

            return current;
        }, cancellation);

    public Task<GateAnswer> GateAsync(Caller caller, ModelName name, long number, string stage, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            var version = await registry.FindVersionAsync(sql, caller.Project, name.Value, number) ?? throw RegistryErrors.NoVersion(name.Value, number);
            return await gate.ExamineAsync(sql, caller.Project, version, stage);
        }, cancellation);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "models/{name}/stages", Permission.ReadPromotion, async (
            string name, Caller caller, ReadStages read, CancellationToken cancellation) =>
        {
            var current = await read.CurrentAsync(caller, ModelName.Parse(name), cancellation);
            return Results.Json(new Listing([.. current.Select(StageView.Of)]), Documents.Compact);
        });
        routes.MapV1("GET", "models/{name}/versions/{version}/gate", Permission.ReadPromotion, async (
            string name, string version, string? stage, Caller caller, ReadStages read, CancellationToken cancellation) =>
        {
            var asked = Stages.Parse(stage ?? Stages.Production);
            var answer = await read.GateAsync(caller, ModelName.Parse(name), ModelVersion.ParseNumber(version), asked, cancellation);
            return Results.Json(GateView.Of(answer), Documents.Compact);
        });
    }

    private sealed record Listing(IReadOnlyList<StageView> Stages);

    private sealed record StageView(string Stage, string Version, DateTimeOffset? Since, string? By)
    {
        public static StageView Of(ModelVersion v) =>
            new(v.Stage.ToLowerInvariant(), v.Version.ToString(CultureInfo.InvariantCulture), Instants.FromMicros(v.StagedAt), v.StagedBy);
    }

    private sealed record GateView(bool Open, string Gate, Verdict? Verdict, IReadOnlyList<string> Reasons, IReadOnlyList<WaivedView> Waived, string? EvidenceDigest)
    {
        public static GateView Of(GateAnswer answer) => new(
            answer.Open, answer.Word, answer.Verdict, answer.Reasons,
            [.. answer.Waived.Select(w => new WaivedView(w.Clause, w.Verdict, w.Waiver.Id, w.Waiver.Reason, w.Waiver.WaivedBy, Instants.FromMicros(w.Waiver.ExpiresAt)))],
            answer.EvidenceDigest);
    }

    private sealed record WaivedView(string Clause, Verdict Verdict, string Waiver, string Reason, string WaivedBy, DateTimeOffset ExpiresAt);
}
