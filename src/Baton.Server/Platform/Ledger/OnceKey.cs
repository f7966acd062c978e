using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Ledger;

/// <summary>
/// A key that its sender gave to one change. The change's result is kept under it in the same transaction; the same request with the same key
/// gets that result again, and so the same answer. What was refused is not kept: it changed nothing.
/// </summary>
internal sealed class OnceKey(string key, string route, string bodyDigest)
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private bool _used;

    /// <summary>Whether the change was made by an earlier request.</summary>
    public bool IsReplayed { get; private set; }

    /// <summary>A key stands for one write; a route that makes two would keep the wrong one's result.</summary>
    public void Use()
    {
        if (_used)
            throw new InvalidOperationException($"The route {route} makes more than one write, so it cannot take an idempotency key.");
        _used = true;
    }

    public async Task<T> RunAsync<T>(Change change, Func<Change, Task<T>> write)
    {
        var row = new { change.Project, actor = change.Caller.Actor.Name, key, route, bodyDigest, change.Now };
        // Of two at once the second waits here for the first to commit.
        var isFirst = await change.Sql.ExecuteAsync(
            """
            INSERT INTO idempotency_keys (project, actor, key, route, body_digest, result, at)
            VALUES (@Project, @actor, @key, @route, @bodyDigest, '', @Now) ON CONFLICT DO NOTHING
            """,
            row) == 1;
        if (!isFirst)
            return await KeptAsync<T>(change, row);
        var result = await write(change);
        await change.Sql.ExecuteAsync(
            "UPDATE idempotency_keys SET result = @result WHERE project = @Project AND actor = @actor AND key = @key",
            new { row.Project, row.actor, row.key, result = JsonSerializer.Serialize(result, Json) });
        return result;
    }

    private async Task<T> KeptAsync<T>(Change change, object row)
    {
        var kept = (await change.Sql.FirstOrDefaultAsync<Kept>(
            "SELECT route, body_digest, result FROM idempotency_keys WHERE project = @Project AND actor = @actor AND key = @key", row))!;
        if (kept.Route != route)
            throw Reused($"for {kept.Route}; this is {route}");
        if (kept.BodyDigest != bodyDigest)
            throw Reused("with another body");
        IsReplayed = true;
        return JsonSerializer.Deserialize<T>(kept.Result, Json)!;
    }

    private Refusal Reused(string how) => new(
        ProblemCode.Conflict, $"The Idempotency-Key '{key}' was used before {how}. A retry repeats the request as it was; anything else needs a new key.");

    private sealed record Kept
    {
        public string Route { get; init; } = "";

        public string BodyDigest { get; init; } = "";

        public string Result { get; init; } = "";
    }
}
