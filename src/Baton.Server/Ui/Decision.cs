using System.Text.Json;
using Baton.Contracts;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Ui;

/// <summary>A ledger entry in words: who did what, when, on which evidence.</summary>
/// <param name="Seq">Number in the ledger.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">As the ledger names it, e.g. <c>promotion.refused</c>.</param>
/// <param name="Subject">What it is about, for people: <c>flight-delay/2</c>.</param>
/// <param name="SubjectPath">Path of that in the ledger.</param>
/// <param name="Page">Address of the subject's page; null where it has none.</param>
/// <param name="Text">What happened, after the subject.</param>
/// <param name="Reasons">Why, one by one; empty where it needs no reason.</param>
/// <param name="Evidence">Digest it stands on.</param>
/// <param name="Verdict">The verdict that colours it, where there is one.</param>
public sealed record Decision(
    long Seq, DateTimeOffset At, string Actor, string Action, string Subject, string SubjectPath, string? Page, string Text, IReadOnlyList<string> Reasons, string? Evidence, Verdict? Verdict)
{
    private static readonly HashSet<string> Decisive =
        ["contract.proposed", "contract.signed", "contract.in_force", "contract.rejected", "counter_offer.made", "counter_offer.accepted", "counter_offer.rejected", "clause.waived", "waiver.revoked", "handoff.submitted", "verification.finished", "verification.failed", "promotion.done", "promotion.refused",
            "deployment.done", "deployment.refused", "deployment.rolled_back", "endpoint.removed"];

    /// <summary>Whether somebody decided something: a step of the lap, not the bookkeeping around it.</summary>
    public bool IsDecisive => Decisive.Contains(Action);

    internal static Decision Of(LedgerEntry entry, PageRequest request)
    {
        var detail = JsonDocument.Parse(entry.Detail).RootElement;
        return new Decision(
            entry.Seq,
            Instants.FromMicros(entry.At),
            Words.Actor(entry.Actor),
            entry.Action,
            SubjectOf(entry.Subject),
            entry.Subject,
            request.PageOf(entry),
            TextOf(entry.Action, detail),
            ReasonsOf(detail),
            entry.Evidence,
            VerdictOf(entry.Action, detail));
    }

    private static string SubjectOf(string subject) => subject.Split('/') switch
    {
        ["models", var name, "versions", var version, ..] => $"{name}/{version}",
        ["models", var name, ..] => name,
        ["runs", var run, ..] => $"run {(run.Length > 8 ? run[..8] : run)}",
        ["endpoints", var name, ..] => name,
        ["experiments", var id, ..] => $"experiment {id}",
        _ => subject,
    };

    private static string TextOf(string action, JsonElement detail) => action switch
    {
        "experiment.created" => $"begun as {Field(detail, "name")}",
        "run.created" => $"{Field(detail, "name")} begun in {Field(detail, "experiment")}",
        "run.status_changed" => $"{Field(detail, "from").ToLowerInvariant()} → {Field(detail, "to").ToLowerInvariant()}",
        "model.registered" => "registered",
        "version.registered" => detail.TryGetProperty("package", out _) ? "registered, its package sealed" : "registered, unsealed: its source could not be read",
        "version.updated" or "model.updated" => "described anew",
        "version.tag_set" or "model.tag_set" => $"tag {Field(detail, "key")} set",
        "version.tag_deleted" or "model.tag_deleted" => $"tag {Field(detail, "key")} taken away",
        "alias.set" => $"alias {Field(detail, "alias")} points to version {Field(detail, "version")}{InPlace(detail)}",
        "alias.deleted" => $"alias {Field(detail, "alias")} taken away from version {Field(detail, "version")}",
        "model.renamed" => $"renamed to {Field(detail, "to")}",
        "model.continued" => $"goes on what was {Field(detail, "from")}",
        "claims.submitted" => "claims submitted",
        "contract.drafted" => "contract drafted",
        "contract.proposed" => $"contract{Numbered(detail)} proposed{(Field(detail, "change") is { Length: > 0 } change ? $", a {change} change" : "")}",
        "contract.signed" => $"contract{Numbered(detail)} signed for the {Field(detail, "side")} side",
        "contract.in_force" => $"contract{Numbered(detail)} in force{(Field(detail, "signed_by_one_person") == "True" ? ", signed by one person" : "")}",
        "contract.rejected" => $"contract{Numbered(detail)} rejected",
        "counter_offer.made" => $"counter-offer on {Field(detail, "clause")}: {Field(detail, "demand")}",
        "counter_offer.accepted" => $"counter-offer on {Field(detail, "clause")} accepted: contract{Numbered(detail)}",
        "counter_offer.rejected" => $"counter-offer on {Field(detail, "clause")} rejected",
        "counter_offer.withdrawn" => $"counter-offer on {Field(detail, "clause")} withdrawn",
        "clause.waived" => $"waived {Field(detail, "clause")} until {(Field(detail, "expires") is { Length: >= 10 } expires ? expires[..10] : "")}",
        "waiver.revoked" => $"waiver of {Field(detail, "clause")} revoked",
        "comment.added" => $"commented: {Field(detail, "text")}",
        "comment.edited" => $"comment edited: {Field(detail, "text")}",
        "comment.resolved" => "comment resolved",
        "comment.reopened" => "comment reopened",
        "holdout.uploaded" => $"holdout {Field(detail, "holdout")} uploaded",
        "handoff_policy.set" => "who must sign was set",
        "handoff.submitted" => $"handed over: version{(Versions(detail).Count == 1 ? "" : "s")} {Words.List(Versions(detail))}",
        "verification.queued" => "verification queued",
        "verification.finished" => $"verified: {Field(detail, "verdict").Replace('_', ' ')}",
        "verification.failed" => "the verification failed",
        "verification.cancelled" => "the verification was cancelled",
        "promotion.done" => Promoted(detail),
        "promotion.archived" => $"archived: version {Field(detail, "replaced_by")} took its place in {Field(detail, "from")}",
        "promotion.refused" => $"refused by the gate to {Field(detail, "stage")}",
        "deployment.done" => $"{Field(detail, "model")}/{Field(detail, "version")} deployed{InPlace(detail)}",
        "deployment.refused" => $"{Field(detail, "model")}/{Field(detail, "version")} refused",
        "deployment.rolled_back" => $"rolled back to {Field(detail, "model")}/{Field(detail, "version")}{InPlace(detail)}",
        "endpoint.logging_set" => "what is kept of its predictions was set",
        "endpoint.removed" => "taken out of service",
        _ => action.Replace('.', ' ').Replace('_', ' '),
    };

    private static string InPlace(JsonElement detail) => Field(detail, "previous") is { Length: > 0 } previous ? $", in place of version {previous}" : "";

    private static string Promoted(JsonElement detail) =>
        $"promoted to {Field(detail, "stage")}{InPlace(detail)}{(Field(detail, "gate") == "ungated" ? ", ungated" : "")}";

    private static List<string> ReasonsOf(JsonElement detail)
    {
        if (detail.TryGetProperty("reasons", out var reasons) && reasons.ValueKind == JsonValueKind.Array)
            return [.. reasons.EnumerateArray().Select(r => r.ToString())];
        return Field(detail, "reason") is { Length: > 0 } reason ? [reason] : [];
    }

    private static Verdict? VerdictOf(string action, JsonElement detail) => action switch
    {
        "promotion.done" or "contract.in_force" or "deployment.done" or "deployment.rolled_back" => Contracts.Verdict.Pass,
        "clause.waived" or "contract.rejected" => Contracts.Verdict.Inconclusive,
        "promotion.refused" or "deployment.refused" when Field(detail, "verdict").Length == 0 => Contracts.Verdict.NotRun,
        "verification.failed" => Contracts.Verdict.NotRun,
        _ => Words.VerdictOf(Field(detail, "verdict") is { Length: > 0 } word ? word : null),
    };

    private static string Numbered(JsonElement detail) => Field(detail, "version") is { Length: > 0 } version ? " " + version : "";

    private static List<string> Versions(JsonElement detail) =>
        detail.TryGetProperty("versions", out var versions) && versions.ValueKind == JsonValueKind.Array ? [.. versions.EnumerateArray().Select(v => v.ToString())] : [];

    private static string Field(JsonElement detail, string name) =>
        detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";
}
