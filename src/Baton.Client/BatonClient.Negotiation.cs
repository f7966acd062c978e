using System.Text;
using Baton.Contracts;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Keeps a contract as a draft: nobody is asked to sign it.</summary>
    public Task<ContractRecord> DraftContractAsync(string model, string yaml, CancellationToken cancel = default) =>
        AskAsync<ContractRecord>(HttpMethod.Put, $"{Model(model)}/contract?draft=true", new StringContent(yaml, Encoding.UTF8, "application/yaml"), cancel);

    /// <summary>Rejects a proposal: it is a draft again.</summary>
    public Task<ContractRecord> RejectContractAsync(string model, string digest, string reason, CancellationToken cancel = default) =>
        PostAsync<ContractRecord>($"{Model(model)}/contract/rejections", new { digest, reason }, cancel);

    /// <summary>Who must sign in the project.</summary>
    public Task<HandoffPolicy> GetHandoffPolicyAsync(CancellationToken cancel = default) => GetAsync<HandoffPolicy>("api/v1/handoff-policy", cancel);

    /// <summary>Sets who must sign in the project.</summary>
    public Task<HandoffPolicy> SetHandoffPolicyAsync(HandoffPolicy policy, CancellationToken cancel = default) =>
        AskAsync<HandoffPolicy>(HttpMethod.Put, "api/v1/handoff-policy", new StringContent(Documents.Write(policy), Encoding.UTF8, "application/json"), cancel);

    /// <summary>Offers another text of a clause.</summary>
    /// <param name="model">Registered model.</param>
    /// <param name="clause">The clause; null in an answer.</param>
    /// <param name="change">Its fields, YAML: <c>{min: 0.58}</c>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="contract">Digest of the contract; null for the newest proposal, else the one in force.</param>
    /// <param name="answers">The offer that this one answers.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<CounterOfferRecord> OfferClauseAsync(
        string model, string? clause, string change, string reason, string? contract = null, string? answers = null, CancellationToken cancel = default) =>
        PostAsync<CounterOfferRecord>($"{Model(model)}/contract/counter-offers", new { clause, change, reason, contract, answers }, cancel);

    /// <summary>Accepts, rejects or withdraws a counter-offer.</summary>
    /// <param name="model">Registered model.</param>
    /// <param name="id">The offer.</param>
    /// <param name="decision"><c>accept</c>, <c>reject</c> or <c>withdraw</c>.</param>
    /// <param name="reason">Why; a rejection needs one.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<CounterOfferRecord> DecideOfferAsync(string model, string id, string decision, string? reason = null, CancellationToken cancel = default) =>
        PostAsync<CounterOfferRecord>($"{Model(model)}/contract/counter-offers/{Escape(id)}/{decision}", new { reason }, cancel);

    /// <summary>Counter-offers of a model, newest first.</summary>
    public async Task<IReadOnlyList<CounterOfferRecord>> ListOffersAsync(string model, string? clause = null, CancellationToken cancel = default) =>
        (await GetAsync<OfferListing>(Query($"{Model(model)}/contract/counter-offers", ("clause", clause)), cancel).ConfigureAwait(false)).CounterOffers;

    /// <summary>Waives a clause.</summary>
    /// <param name="model">Registered model.</param>
    /// <param name="clause">Name of the clause as evidence has it.</param>
    /// <param name="version">Version; null for all.</param>
    /// <param name="reason">Why.</param>
    /// <param name="expires">Until when, at most 180 days from now.</param>
    /// <param name="ticket">Where it is followed up.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<WaiverRecord> WaiveAsync(
        string model, string clause, string? version, string reason, DateTimeOffset expires, string? ticket = null, CancellationToken cancel = default) =>
        PostAsync<WaiverRecord>($"{Model(model)}/waivers", new { clause, version, reason, expires, ticket }, cancel);

    /// <summary>Revokes a waiver.</summary>
    public Task<WaiverRecord> RevokeWaiverAsync(string model, string id, string? reason = null, CancellationToken cancel = default) =>
        PostAsync<WaiverRecord>($"{Model(model)}/waivers/{Escape(id)}/revoke", new { reason }, cancel);

    /// <summary>Waivers of a model, newest first; of one version those for all too.</summary>
    public async Task<IReadOnlyList<WaiverRecord>> ListWaiversAsync(string model, string? version = null, CancellationToken cancel = default) =>
        (await GetAsync<WaiverListing>(Query($"{Model(model)}/waivers", ("version", version)), cancel).ConfigureAwait(false)).Waivers;

    /// <summary>Comments on a thing: <c>models/NAME/contracts/DIGEST</c>, <c>models/NAME/versions/NUMBER</c> or <c>models/NAME/evidence/DIGEST</c>, each with <c>/clauses/CLAUSE</c> or without.</summary>
    public Task<CommentRecord> CommentAsync(string on, string text, CancellationToken cancel = default) =>
        PostAsync<CommentRecord>("api/v1/comments", new { on, text }, cancel);

    /// <summary>Comments on a thing and what is below it, the earliest first.</summary>
    public async Task<IReadOnlyList<CommentRecord>> ListCommentsAsync(string on, CancellationToken cancel = default) =>
        (await GetAsync<CommentListing>(Query("api/v1/comments", ("on", on)), cancel).ConfigureAwait(false)).Comments;

    /// <summary>Changes one's own comment.</summary>
    public Task<CommentRecord> EditCommentAsync(string id, string text, CancellationToken cancel = default) =>
        AskAsync<CommentRecord>(HttpMethod.Put, $"api/v1/comments/{Escape(id)}", new StringContent(Documents.Write(new { text }), Encoding.UTF8, "application/json"), cancel);

    /// <summary>Resolves a comment, or opens it again.</summary>
    public Task<CommentRecord> ResolveCommentAsync(string id, bool resolved = true, CancellationToken cancel = default) =>
        PostAsync<CommentRecord>($"api/v1/comments/{Escape(id)}/{(resolved ? "resolve" : "reopen")}", new { }, cancel);

    /// <summary>Uploads data that only the service side knows, Parquet.</summary>
    public Task<HoldoutRecord> PutHoldoutAsync(string model, string holdout, ReferenceColumns columns, Stream parquet, CancellationToken cancel = default) =>
        AskAsync<HoldoutRecord>(
            HttpMethod.Put,
            Query($"{Model(model)}/holdouts/{Escape(holdout)}", ("id", columns.Id), ("label", columns.Label), ("prediction", columns.Prediction), ("score", columns.Score),
                ("scores", columns.Scores is null ? null : string.Join(',', columns.Scores)), ("classes", columns.Classes is null ? null : string.Join(',', columns.Classes)),
                ("weight", columns.Weight), ("query", columns.Query)),
            new StreamContent(parquet),
            cancel);

    /// <summary>Holdouts of a model with their uses, by name.</summary>
    public async Task<IReadOnlyList<HoldoutRecord>> ListHoldoutsAsync(string model, CancellationToken cancel = default) =>
        (await GetAsync<HoldoutListing>($"{Model(model)}/holdouts", cancel).ConfigureAwait(false)).Holdouts;

    private sealed record OfferListing(IReadOnlyList<CounterOfferRecord> CounterOffers);

    private sealed record WaiverListing(IReadOnlyList<WaiverRecord> Waivers);

    private sealed record CommentListing(IReadOnlyList<CommentRecord> Comments);

    private sealed record HoldoutListing(IReadOnlyList<HoldoutRecord> Holdouts);
}
