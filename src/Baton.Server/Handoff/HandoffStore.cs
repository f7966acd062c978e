using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Handoff;

/// <summary>All SQL of the leg.</summary>
internal sealed partial class HandoffStore
{
    private const string ContractColumns = "model, digest, document, status, version, change, compared_with, proposed_by, proposed_at, in_force_since";

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ContractRecord>> ListContractsAsync(Session sql, string project, string model)
    {
        var args = new { project, model };
        var contracts = await sql.QueryAsync<ContractRecord>(
            $"SELECT {ContractColumns} FROM contracts WHERE project = @project AND model = @model ORDER BY proposed_at DESC, digest", args);
        var signatures = await sql.QueryAsync<SignatureRow>(
            "SELECT digest, side, actor, signed_at FROM contract_signatures WHERE project = @project AND model = @model ORDER BY side, signed_at, actor", args);
        return [.. contracts.Select(c => c with { Signatures = [.. signatures.Where(s => s.Digest == c.Digest).Select(s => s.Signature)] })];
    }

    /// <summary>Whether anything was ever proposed or claimed of a model.</summary>
    public async Task<bool> KeepsAsync(Session sql, string project, string model) => await sql.FirstOrDefaultAsync<string>(
        """
        SELECT digest FROM contracts WHERE project = @project AND model = @model
        UNION ALL SELECT digest FROM claims WHERE project = @project AND model = @model LIMIT 1
        """,
        new { project, model }) is not null;

    public async Task<ContractRecord?> FindContractAsync(Session sql, string project, string model, string digest) =>
        (await ListContractsAsync(sql, project, model)).FirstOrDefault(c => c.Digest == digest);

    public async Task<ContractRecord?> FindInForceAsync(Session sql, string project, string model) =>
        (await ListContractsAsync(sql, project, model)).FirstOrDefault(c => c.Status == ContractRecord.InForce);

    /// <summary>Writes a contract down as a draft or a proposal: a new one, or one that stood there as a draft or was superseded.</summary>
    public Task PutContractAsync(Change change, ContractRecord contract) => change.Sql.ExecuteAsync(
        """
        INSERT INTO contracts (project, model, digest, document, status, version, change, compared_with, proposed_by, proposed_at)
        VALUES (@Project, @Model, @Digest, @Document, @Status, @Version, @kind, @ComparedWith, @by, @Now)
        ON CONFLICT (project, model, digest) DO UPDATE SET document = excluded.document, status = excluded.status, version = excluded.version,
            change = excluded.change, compared_with = excluded.compared_with, proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at
        """,
        new
        {
            change.Project,
            contract.Model,
            contract.Digest,
            contract.Document,
            contract.Status,
            contract.Version,
            kind = contract.Change,
            contract.ComparedWith,
            by = change.Caller.Actor.Name,
            change.Now,
        });

    /// <summary>A proposal is a draft again.</summary>
    public Task TakeBackAsync(Change change, string model, string digest) => change.Sql.ExecuteAsync(
        "UPDATE contracts SET status = 'draft', version = NULL, change = NULL, compared_with = NULL WHERE project = @Project AND model = @model AND digest = @digest",
        new { change.Project, model, digest });

    public Task ForgetSignaturesAsync(Change change, string model, string digest) => change.Sql.ExecuteAsync(
        "DELETE FROM contract_signatures WHERE project = @Project AND model = @model AND digest = @digest",
        new { change.Project, model, digest });

    /// <summary>True where this person had not signed for the side yet.</summary>
    public async Task<bool> SignAsync(Change change, string model, string digest, string side) => await change.Sql.ExecuteAsync(
        """
        INSERT INTO contract_signatures (project, model, digest, side, actor, signed_at) VALUES (@Project, @model, @digest, @side, @by, @Now)
        ON CONFLICT DO NOTHING
        """,
        new { change.Project, model, digest, side, by = change.Caller.Actor.Name, change.Now }) == 1;

    public async Task PutInForceAsync(Change change, string model, string digest)
    {
        var args = new { change.Project, model, digest, change.Now };
        await change.Sql.ExecuteAsync("UPDATE contracts SET status = 'superseded' WHERE project = @Project AND model = @model AND status = 'in_force'", args);
        await change.Sql.ExecuteAsync(
            "UPDATE contracts SET status = 'in_force', in_force_since = @Now WHERE project = @Project AND model = @model AND digest = @digest", args);
    }

    /// <summary>Whether somebody submitted claims of a model, or of one version of it: its author.</summary>
    public async Task<bool> IsAuthorAsync(Session sql, string project, string model, long? version, string actor) => await sql.FirstOrDefaultAsync<string>(
        """
        SELECT digest FROM claims WHERE project = @project AND model = @model AND (@version = 0 OR version = @version) AND submitted_by = @actor LIMIT 1
        """,
        new { project, model, version = version ?? 0, actor }) is not null;

    public Task PutClaimsAsync(Change change, string model, long version, string digest, string document) => change.Sql.ExecuteAsync(
        """
        INSERT INTO claims (project, model, version, digest, document, submitted_by, submitted_at)
        VALUES (@Project, @model, @version, @digest, @document, @by, @Now)
        ON CONFLICT (project, model, version, digest) DO UPDATE SET submitted_by = excluded.submitted_by, submitted_at = excluded.submitted_at
        """,
        new { change.Project, model, version, digest, document, by = change.Caller.Actor.Name, change.Now });

    /// <summary>The claims that count: the newest; or those of a digest.</summary>
    public Task<ClaimsRecord?> FindClaimsAsync(Session sql, string project, string model, long version, string? digest = null) =>
        sql.FirstOrDefaultAsync<ClaimsRecord>(
            """
            SELECT version, digest, document, submitted_by, submitted_at FROM claims
            WHERE project = @project AND model = @model AND version = @version AND (@digest = '' OR digest = @digest)
            ORDER BY submitted_at DESC, digest LIMIT 1
            """,
            new { project, model, version, digest = digest ?? "" });

    public async Task InsertHandoffAsync(Change change, HandoffRecord handoff)
    {
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO handoffs (project, id, model, contract_digest, note, submitted_by, submitted_at)
            VALUES (@Project, @Id, @Model, @ContractDigest, @Note, @SubmittedBy, @Now)
            """,
            new { change.Project, handoff.Id, handoff.Model, handoff.ContractDigest, handoff.Note, handoff.SubmittedBy, change.Now });
        foreach (var version in handoff.Versions)
            await change.Sql.ExecuteAsync(
                "INSERT INTO handoff_candidates (project, handoff_id, version) VALUES (@Project, @Id, @version)",
                new { change.Project, handoff.Id, version });
    }

    /// <summary>Newest first; of one id, of one model, or all.</summary>
    public async Task<IReadOnlyList<HandoffRecord>> ListHandoffsAsync(Session sql, string project, string? id, string? model)
    {
        var args = new { project, id = id ?? "", model = model ?? "" };
        var handoffs = await sql.QueryAsync<HandoffRecord>(
            """
            SELECT id, model, contract_digest, note, submitted_by, submitted_at FROM handoffs
            WHERE project = @project AND (@id = '' OR id = @id) AND (@model = '' OR model = @model) ORDER BY submitted_at DESC, id DESC
            """,
            args);
        var candidates = await sql.QueryAsync<CandidateRow>(
            """
            SELECT c.handoff_id, c.version FROM handoff_candidates c JOIN handoffs h ON h.project = c.project AND h.id = c.handoff_id
            WHERE c.project = @project AND (@id = '' OR h.id = @id) AND (@model = '' OR h.model = @model) ORDER BY c.version
            """,
            args);
        return [.. handoffs.Select(h => h with { Versions = [.. candidates.Where(c => c.HandoffId == h.Id).Select(c => c.Version)] })];
    }

    private sealed record SignatureRow
    {
        public string Digest { get; init; } = "";

        public string Side { get; init; } = "";

        public string Actor { get; init; } = "";

        public long SignedAt { get; init; }

        public Signature Signature => new() { Side = Side, Actor = Actor, SignedAt = SignedAt };
    }

    private sealed record CandidateRow
    {
        public string HandoffId { get; init; } = "";

        public long Version { get; init; }
    }
}
