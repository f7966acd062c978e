using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Handoff;

internal sealed partial class HandoffStore
{
    private const string OfferColumns =
        """
        id, model, contract_digest, clause, change, reason, answers, trade_off, status, offered_by, offered_at, decided_by, decided_at, decision, result_digest
        """;

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<CounterOffer>> ListOffersAsync(Session sql, string project, string model) => sql.QueryAsync<CounterOffer>(
        $"SELECT {OfferColumns} FROM counter_offers WHERE project = @project AND model = @model ORDER BY offered_at DESC, id DESC LIMIT 1000", new { project, model });

    public Task<CounterOffer?> FindOfferAsync(Session sql, string project, string id) => sql.FirstOrDefaultAsync<CounterOffer>(
        $"SELECT {OfferColumns} FROM counter_offers WHERE project = @project AND id = @id", new { project, id });

    public Task InsertOfferAsync(Change write, CounterOffer offer) => write.Sql.ExecuteAsync(
        """
        INSERT INTO counter_offers (project, id, model, contract_digest, clause, change, reason, answers, trade_off, status, offered_by, offered_at)
        VALUES (@Project, @Id, @Model, @ContractDigest, @Clause, @text, @Reason, @Answers, @TradeOff, 'open', @by, @Now)
        """,
        new
        {
            write.Project,
            offer.Id,
            offer.Model,
            offer.ContractDigest,
            offer.Clause,
            text = offer.Change,
            offer.Reason,
            offer.Answers,
            offer.TradeOff,
            by = write.Caller.Actor.Name,
            write.Now,
        });

    public Task DecideOfferAsync(Change change, string id, string status, string? decision, string? resultDigest) => change.Sql.ExecuteAsync(
        """
        UPDATE counter_offers SET status = @status, decision = @decision, result_digest = @resultDigest, decided_by = @by, decided_at = @Now
        WHERE project = @Project AND id = @id
        """,
        new { change.Project, id, status, decision, resultDigest, by = change.Caller.Actor.Name, change.Now });

    public async Task<HandoffPolicy?> FindPolicyAsync(Session sql, string project) => await sql.FirstOrDefaultAsync<PolicyRow>(
        "SELECT model_signatures, service_signatures, model_signers, service_signers, solo FROM handoff_policies WHERE project = @project",
        new { project }) is { } row
        ? new HandoffPolicy
        {
            ModelSignatures = (int)row.ModelSignatures,
            ServiceSignatures = (int)row.ServiceSignatures,
            ModelSigners = Documents.Read<IReadOnlyList<string>>(row.ModelSigners),
            ServiceSigners = Documents.Read<IReadOnlyList<string>>(row.ServiceSigners),
            Solo = row.Solo,
        }
        : null;

    public Task PutPolicyAsync(Change change, HandoffPolicy policy) => change.Sql.ExecuteAsync(
        """
        INSERT INTO handoff_policies (project, model_signatures, service_signatures, model_signers, service_signers, solo)
        VALUES (@Project, @ModelSignatures, @ServiceSignatures, @modelSigners, @serviceSigners, @Solo)
        ON CONFLICT (project) DO UPDATE SET model_signatures = excluded.model_signatures, service_signatures = excluded.service_signatures,
            model_signers = excluded.model_signers, service_signers = excluded.service_signers, solo = excluded.solo
        """,
        new
        {
            change.Project,
            policy.ModelSignatures,
            policy.ServiceSignatures,
            modelSigners = Documents.Write(policy.ModelSigners),
            serviceSigners = Documents.Write(policy.ServiceSigners),
            policy.Solo,
        });

    private sealed record PolicyRow
    {
        public long ModelSignatures { get; init; }

        public long ServiceSignatures { get; init; }

        public string ModelSigners { get; init; } = "[]";

        public string ServiceSigners { get; init; } = "[]";

        public bool Solo { get; init; }
    }
}
