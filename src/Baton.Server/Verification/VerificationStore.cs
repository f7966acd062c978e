using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Verification;

/// <summary>All SQL of the leg.</summary>
internal sealed partial class VerificationStore
{
    /// <summary>While it waits or runs, the job knows the state; once it has ended, the verification does.</summary>
    private const string Select =
        """
        SELECT v.id, v.handoff_id, v.model, v.version, v.job_id,
            CASE WHEN v.state = 'queued' AND j.state = 'running' THEN 'running' ELSE v.state END AS state,
            v.verdict, v.reason, j.progress, j.agent, v.contract_digest, v.claims_digest, v.package_digest, v.production_version,
            v.evidence_digest, v.queued_at, j.started_at, v.finished_at
        FROM verifications v JOIN jobs j ON j.project = v.project AND j.id = v.job_id
        """;

    /// <summary>Newest first; an empty filter matches all.</summary>
    public Task<IReadOnlyList<VerificationRecord>> ListAsync(Session sql, string project, string? model, long? version, string? handoff) =>
        sql.QueryAsync<VerificationRecord>(
            $"""
            {Select}
            WHERE v.project = @project AND (@model = '' OR v.model = @model) AND (@version = 0 OR v.version = @version) AND (@handoff = '' OR v.handoff_id = @handoff)
            ORDER BY v.queued_at DESC, v.id DESC LIMIT 1000
            """,
            new { project, model = model ?? "", version = version ?? 0, handoff = handoff ?? "" });

    public Task<VerificationRecord?> FindAsync(Session sql, string project, string id) => sql.FirstOrDefaultAsync<VerificationRecord>(
        $"{Select} WHERE v.project = @project AND v.id = @id", new { project, id });

    /// <summary>The newest finished one for exactly this contract, these claims and this package.</summary>
    public Task<VerificationRecord?> FindFinishedAsync(
        Session sql, string project, string model, long version, string contractDigest, string claimsDigest, string packageDigest) =>
        sql.FirstOrDefaultAsync<VerificationRecord>(
            $"""
            {Select}
            WHERE v.project = @project AND v.model = @model AND v.version = @version AND v.state = 'finished'
                AND v.contract_digest = @contractDigest AND v.claims_digest = @claimsDigest AND v.package_digest = @packageDigest
            ORDER BY v.finished_at DESC, v.id DESC LIMIT 1
            """,
            new { project, model, version, contractDigest, claimsDigest, packageDigest });

    /// <summary>The newest finished one of a model under a contract, of whichever version.</summary>
    public Task<VerificationRecord?> FindNewestAsync(Session sql, string project, string model, string contractDigest) => sql.FirstOrDefaultAsync<VerificationRecord>(
        $"""
        {Select}
        WHERE v.project = @project AND v.model = @model AND v.state = 'finished' AND v.contract_digest = @contractDigest
        ORDER BY v.finished_at DESC, v.id DESC LIMIT 1
        """,
        new { project, model, contractDigest });

    /// <summary>The one that gave some evidence.</summary>
    public Task<VerificationRecord?> FindByEvidenceAsync(Session sql, string project, string model, string digest) => sql.FirstOrDefaultAsync<VerificationRecord>(
        $"{Select} WHERE v.project = @project AND v.model = @model AND v.evidence_digest = @digest ORDER BY v.finished_at LIMIT 1", new { project, model, digest });

    public Task InsertAsync(Change change, VerificationRecord v) => change.Sql.ExecuteAsync(
        """
        INSERT INTO verifications (project, id, handoff_id, model, version, job_id, state, contract_digest, claims_digest, package_digest, queued_at)
        VALUES (@Project, @Id, @HandoffId, @Model, @Version, @JobId, 'queued', @ContractDigest, @ClaimsDigest, @PackageDigest, @Now)
        """,
        new { change.Project, v.Id, v.HandoffId, v.Model, v.Version, v.JobId, v.ContractDigest, v.ClaimsDigest, v.PackageDigest, change.Now });

    public async Task FinishAsync(Change change, string id, string verdict, string evidenceDigest, string document, long? productionVersion)
    {
        await change.Sql.ExecuteAsync(
            "INSERT INTO evidence (project, digest, document) VALUES (@Project, @evidenceDigest, @document) ON CONFLICT DO NOTHING",
            new { change.Project, evidenceDigest, document });
        await change.Sql.ExecuteAsync(
            """
            UPDATE verifications SET state = 'finished', verdict = @verdict, evidence_digest = @evidenceDigest, production_version = @productionVersion, finished_at = @Now
            WHERE project = @Project AND id = @id
            """,
            new { change.Project, id, verdict, evidenceDigest, productionVersion, change.Now });
    }

    public Task EndAsync(Change change, string id, string state, string reason) => change.Sql.ExecuteAsync(
        "UPDATE verifications SET state = @state, reason = @reason, finished_at = @Now WHERE project = @Project AND id = @id",
        new { change.Project, id, state, reason, change.Now });

    public async Task<Evidence?> FindEvidenceAsync(Session sql, string project, string digest) =>
        await sql.FirstOrDefaultAsync<string>(
            "SELECT document FROM evidence WHERE project = @project AND digest = @digest", new { project, digest }) is { } document
            ? Documents.Read<Evidence>(document)
            : null;
}
