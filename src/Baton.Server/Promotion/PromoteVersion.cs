using System.Globalization;
using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Promotion;

/// <summary>
/// Moves a version into a stage, past the gate. Decisions about one model are made one after the other, so that of two at once the second sees
/// what the first did. A refusal is a decision too and stands in the ledger.
/// </summary>
internal sealed class PromoteVersion(Writes writes, RegistryStore registry, Gate gate)
{
    private const int MaxBody = 16 * 1024;

    public async Task<Promotion> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var outcome = await writes.RunAsync(caller, change => MoveAsync(change, request), cancellation);
        return outcome.Promotion ?? throw outcome.Refusal!;
    }

    private async Task<Outcome> MoveAsync(Change change, Request request)
    {
        var (name, number, stage) = (request.Name.Value, request.Version, request.Stage);
        await registry.LockModelAsync(change, name);
        var version = await registry.FindVersionAsync(change.Sql, change.Project, name, number) ?? throw RegistryErrors.NoVersion(name, number);
        var current = await registry.FindInStageAsync(change.Sql, change.Project, name, stage);
        if (request.ExpectedCurrent is { } expected && expected != Number(current))
            throw PromotionErrors.StageMoved(name, stage, Spoken(expected), Spoken(Number(current)));
        if (version.Stage == stage && (!request.ArchiveOthers || current?.Version == number))
            return await StayAsync(change, request, version);
        if (version.Stage == Stages.Production && stage == Stages.Staging && await registry.CountInStageAsync(change.Sql, change.Project, name, Stages.Production) == 1)
            throw PromotionErrors.WouldEmptyProduction(version);
        var answer = await gate.ExamineAsync(change.Sql, change.Project, version, stage);
        var detail = new
        {
            stage = stage.ToLowerInvariant(),
            previous = Number(current),
            from = version.Stage.ToLowerInvariant(),
            gate = answer.Word,
            verdict = answer.Verdict,
            reasons = answer.Reasons.Count == 0 ? null : answer.Reasons,
            waived = answer.Waived.Count == 0 ? null : answer.Waived.Select(w => new { clause = w.Clause, verdict = w.Verdict, waiver = w.Waiver.Id }),
            reason = request.Reason,
        };
        if (!answer.Open)
        {
            await change.RecordAsync("promotion.refused", version.Subject, detail, answer.EvidenceDigest);
            return new Outcome(null, PromotionErrors.GateRefused(version, stage, answer));
        }

        await registry.SetStageAsync(change, name, number, stage);
        if (request.ArchiveOthers)
            await ArchiveOthersAsync(change, request);
        await change.RecordAsync("promotion.done", version.Subject, detail, answer.EvidenceDigest);
        var moved = (await registry.FindVersionAsync(change.Sql, change.Project, name, number))!;
        return new Outcome(new Promotion(moved, stage, Number(current), answer.Word, answer.EvidenceDigest, change.Now), null);
    }

    /// <summary>
    /// It is there already. Others may share the stage with it, as MLflow lets them: they go where that is asked for. Where one of them came
    /// later, that one counts as the stage's, and taking its place is a move, past the gate.
    /// </summary>
    private async Task<Outcome> StayAsync(Change change, Request request, ModelVersion version)
    {
        if (request.ArchiveOthers && await ArchiveOthersAsync(change, request) > 0)
            await registry.TouchModelAsync(change, request.Name.Value);
        return new Outcome(new Promotion(version, request.Stage, null, "unchanged", null, change.Now), null);
    }

    private async Task<int> ArchiveOthersAsync(Change change, Request request)
    {
        var others = await registry.ArchiveOthersAsync(change, request.Name.Value, request.Version, request.Stage);
        foreach (var other in others)
        {
            await change.RecordAsync(
                "promotion.archived",
                ModelVersion.SubjectOf(request.Name.Value, other),
                new { from = request.Stage.ToLowerInvariant(), replaced_by = request.Version });
        }

        return others.Count;
    }

    private static string Number(ModelVersion? version) => version?.Version.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Spoken(string number) => number.Length == 0 ? "nothing" : $"version {number}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("POST", "models/{name}/versions/{version}/promotions", Permission.Promote, async (
            string name, string version, HttpRequest request, Caller caller, PromoteVersion promote, CancellationToken cancellation) =>
        {
            var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
            var stage = Stages.Parse(body.Stage ?? "");
            var done = await promote.HandleAsync(
                caller,
                new Request(ModelName.Parse(name), ModelVersion.ParseNumber(version), stage, true) { ExpectedCurrent = body.ExpectedCurrent, Reason = body.Reason },
                cancellation);
            return Results.Json(View.Of(done, caller), Documents.Compact);
        });
        routes.MapMlflow("POST", "model-versions/transition-stage", Permission.Promote, async (
            MlflowRequest request, Caller caller, PromoteVersion promote, CancellationToken cancellation) =>
        {
            var stage = Stages.Parse(request.Required("stage"));
            var archive = request.Flag("archive_existing_versions");
            if (archive && stage is not (Stages.Staging or Stages.Production))
                throw Refusal.Invalid($"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. " +
                    "Valid stages are ['Staging', 'Production']");
            var done = await promote.HandleAsync(
                caller,
                new Request(ModelName.Parse(request.Required("name")), ModelVersion.ParseNumber(request.Required("version")), stage, archive),
                cancellation);
            return MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.WithAliases(done.Version) });
        });
    }

    /// <param name="Name">Registered model.</param>
    /// <param name="Version">The version to move.</param>
    /// <param name="Stage">As MLflow spells it.</param>
    /// <param name="ArchiveOthers">Whether the stage's other versions go to <c>Archived</c>.</param>
    public sealed record Request(ModelName Name, long Version, string Stage, bool ArchiveOthers)
    {
        /// <summary>Number of the version that must be in the stage now, empty for none; null does not ask.</summary>
        public string? ExpectedCurrent { get; init; }

        public string? Reason { get; init; }
    }

    /// <param name="Version">The version, moved.</param>
    /// <param name="Stage">Where it is now.</param>
    /// <param name="Previous">Version that was there before; empty for none, null where nothing moved.</param>
    /// <param name="Gate"><c>passed</c>, <c>waived</c>, <c>ungated</c>, or <c>unchanged</c> where it was there already.</param>
    /// <param name="EvidenceDigest">What the gate stood on.</param>
    /// <param name="At">Microseconds.</param>
    public sealed record Promotion(ModelVersion Version, string Stage, string? Previous, string Gate, string? EvidenceDigest, long At);

    private sealed record Outcome(Promotion? Promotion, Refusal? Refusal);

    private sealed record Body(string? Stage, string? ExpectedCurrent, string? Reason);

    private sealed record View(string Model, string Version, string Stage, string? Previous, string Gate, string? EvidenceDigest, DateTimeOffset At, string Actor)
    {
        public static View Of(Promotion p, Caller caller) => new(
            p.Version.Name,
            p.Version.Version.ToString(CultureInfo.InvariantCulture),
            p.Stage.ToLowerInvariant(),
            string.IsNullOrEmpty(p.Previous) ? null : p.Previous,
            p.Gate,
            p.EvidenceDigest,
            Instants.FromMicros(p.At),
            caller.Actor.Name);
    }
}
