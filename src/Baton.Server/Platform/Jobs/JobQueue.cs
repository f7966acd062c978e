using System.Text.Json;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.Jobs;

/// <summary>
/// The queue: <c>(job, attempt, lease)</c>. An agent that falls silent loses its lease and another attempt begins; what the first one still sends
/// is refused.
/// </summary>
internal sealed class JobQueue(BatonDatabase database, Writes writes, IdSource ids, TimeProvider time, JobSignal signal, ServerOptions options, IEnumerable<IJobKind> kinds)
{
    private const string Columns =
        "project, id, kind, subject, state, attempt, agent, lease_until, cancel_requested, progress, reason, queued_at, started_at, finished_at";

    /// <summary>Another control plane may queue too, and leases run out.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, IJobKind> _kinds = kinds.ToDictionary(k => k.Kind);

    /// <summary>Queues a job as part of a change; call <see cref="Signal.Wake"/> after its commit.</summary>
    public async Task<string> EnqueueAsync(Change change, string kind, string subject)
    {
        var id = ids.Next();
        await change.Sql.ExecuteAsync(
            """
            INSERT INTO jobs (project, id, kind, subject, payload, state, attempt, cancel_requested, queued_at)
            VALUES (@Project, @id, @kind, @subject, '', 'queued', 0, FALSE, @Now)
            """,
            new { change.Project, id, kind, subject, change.Now });
        return id;
    }

    /// <summary>The next job of these kinds with its payload; waits for one up to <paramref name="wait"/>.</summary>
    public async Task<(Job Job, object Payload)?> ClaimAsync(string agent, IReadOnlyList<string> wanted, TimeSpan wait, CancellationToken cancellation)
    {
        var known = wanted.Where(_kinds.ContainsKey).ToArray();
        var deadline = time.GetUtcNow() + wait;
        while (true)
        {
            var queued = signal.Next;
            if (known.Length > 0 && await TryClaimAsync(agent, known, cancellation) is { } job)
                return (job, await database.ReadAsync(sql => _kinds[job.Kind].PayloadAsync(sql, job), cancellation));
            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
                return null;
            await Signal.WaitAsync(queued, left < LookAgain ? left : LookAgain, time, cancellation);
        }
    }

    /// <summary>Keeps the lease. True where the job is to be cancelled.</summary>
    public Task<bool> HeartbeatAsync(string id, long attempt, string? progress, CancellationToken cancellation) => ChangeAsync(id, async change =>
    {
        var job = await CurrentAsync(change, id, attempt);
        await change.Sql.ExecuteAsync(
            "UPDATE jobs SET lease_until = @until, progress = COALESCE(@progress, progress) WHERE project = @Project AND id = @id",
            new { until = LeaseFrom(change.Now), progress = Cut(progress), job.Project, id });
        return job.CancelRequested;
    }, cancellation);

    public Task CompleteAsync(string id, long attempt, JsonElement result, CancellationToken cancellation) => ChangeAsync(id, async change =>
    {
        var job = await CurrentAsync(change, id, attempt);
        await _kinds[job.Kind].CompletedAsync(change, job, result);
        await EndAsync(change, job, "finished", null);
        return true;
    }, cancellation);

    /// <summary>The attempt failed: the job is queued again, or given up after <see cref="Job.MaxAttempts"/>.</summary>
    public async Task FailAsync(string id, long attempt, string reason, CancellationToken cancellation)
    {
        await ChangeAsync(id, async change =>
        {
            var job = await CurrentAsync(change, id, attempt);
            await GiveBackAsync(change, job, reason);
            return true;
        }, cancellation);
        signal.Wake();
    }

    /// <summary>Asks for a job to end: at once where it is queued, at the agent's next heartbeat where it runs.</summary>
    public async Task CancelAsync(Change change, string id)
    {
        var job = await FindAsync(change.Sql, id) ?? throw Refusal.NotFound($"There is no job {id}.");
        if (job.State == "queued")
            await GiveUpAsync(change, job, "cancelled", $"cancelled by {change.Caller.Actor.Name}");
        else
            await change.Sql.ExecuteAsync(
                "UPDATE jobs SET cancel_requested = TRUE WHERE project = @Project AND id = @id AND state = 'running'",
                new { job.Project, id });
    }

    public static async Task<Job?> FindAsync(Session sql, string id) =>
        await sql.FirstOrDefaultAsync<Job>($"SELECT {Columns} FROM jobs WHERE id = @id{sql.Dialect.ForUpdate}", new { id });

    private async Task<Job?> TryClaimAsync(string agent, string[] wanted, CancellationToken cancellation)
    {
        var now = time.Micros();
        var candidates = await database.ReadAsync(
            sql => sql.QueryAsync<Job>(
                $"""
                SELECT {Columns} FROM jobs WHERE state = 'queued' OR (state = 'running' AND lease_until < @now) ORDER BY queued_at LIMIT 20
                """,
                new { now }),
            cancellation);
        foreach (var candidate in candidates.Where(c => wanted.Contains(c.Kind)))
        {
            var claimed = await ChangeAsync(candidate.Id, change => ClaimAsync(change, candidate, agent), cancellation);
            if (claimed is not null)
                return claimed;
        }

        return null;
    }

    private async Task<Job?> ClaimAsync(Change change, Job candidate, string agent)
    {
        if (candidate.State == "running" && (candidate.Attempt >= Job.MaxAttempts || candidate.CancelRequested))
        {
            var expired = await FindAsync(change.Sql, candidate.Id);
            if (expired is { State: "running" } && expired.Attempt == candidate.Attempt && expired.LeaseUntil < change.Now)
                await GiveBackAsync(change, expired, $"agent {expired.Agent} fell silent in attempt {expired.Attempt}");
            return null;
        }

        // The condition on the attempt makes the claim one agent's, whoever else saw the same row.
        return await change.Sql.FirstOrDefaultAsync<Job>(
            $"""
            UPDATE jobs SET state = 'running', attempt = attempt + 1, agent = @agent, lease_until = @until, started_at = COALESCE(started_at, @Now), progress = NULL
            WHERE project = @Project AND id = @Id AND attempt = @Attempt AND (state = 'queued' OR (state = 'running' AND lease_until < @Now))
            RETURNING {Columns}
            """,
            new { agent, until = LeaseFrom(change.Now), change.Now, candidate.Project, candidate.Id, candidate.Attempt });
    }

    private async Task GiveBackAsync(Change change, Job job, string reason)
    {
        if (job.CancelRequested)
            await GiveUpAsync(change, job, "cancelled", "cancelled");
        else if (job.Attempt >= Job.MaxAttempts)
            await GiveUpAsync(change, job, "failed", $"given up after {job.Attempt} attempts: {reason}");
        else
            await change.Sql.ExecuteAsync(
                "UPDATE jobs SET state = 'queued', agent = NULL, lease_until = NULL, reason = @reason WHERE project = @Project AND id = @Id",
                new { job.Project, job.Id, reason = Cut(reason) });
    }

    private async Task GiveUpAsync(Change change, Job job, string state, string reason)
    {
        await _kinds[job.Kind].EndedAsync(change, job, state, reason);
        await EndAsync(change, job, state, reason);
    }

    private static Task<int> EndAsync(Change change, Job job, string state, string? reason) => change.Sql.ExecuteAsync(
        """
        UPDATE jobs SET state = @state, reason = @reason, finished_at = @Now, lease_until = NULL WHERE project = @Project AND id = @Id
        """,
        new { job.Project, job.Id, state, reason = Cut(reason), change.Now });

    private static async Task<Job> CurrentAsync(Change change, string id, long attempt)
    {
        var job = await FindAsync(change.Sql, id) ?? throw Refusal.NotFound($"There is no job {id}.");
        return job.State == "running" && job.Attempt == attempt
            ? job
            : throw new Refusal(ProblemCode.StaleAttempt, $"Job {id} is {job.State} in attempt {job.Attempt}; attempt {attempt} no longer counts.");
    }

    /// <summary>Runs a change in the project of the job, as the agent.</summary>
    private async Task<T> ChangeAsync<T>(string id, Func<Change, Task<T>> write, CancellationToken cancellation)
    {
        var project = await database.ReadAsync(sql => sql.FirstOrDefaultAsync<string>("SELECT project FROM jobs WHERE id = @id", new { id }), cancellation)
            ?? throw Refusal.NotFound($"There is no job {id}.");
        return await writes.RunAsync(new Caller(Actor.Agent, project), write, cancellation);
    }

    private long LeaseFrom(long now) => now + (options.JobLease.Ticks / TimeSpan.TicksPerMicrosecond);

    private static string? Cut(string? text) => text is { Length: > 2000 } ? text[..2000] : text;
}
