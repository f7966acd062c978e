using System.Data.Common;
using Dapper;

namespace Baton.Database;

/// <summary>
/// Brings a schema up to date: forward only, each step in a transaction of its own together with its row in <c>schema_migrations</c>, so
/// that a crash leaves whole steps. Steps known to the database but not to this binary, or changed since, are refused.
/// </summary>
internal sealed class Migrator(IReadOnlyList<Migration> steps, TimeProvider time)
{
    private const string CreateTable = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number BIGINT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            applied_at BIGINT NOT NULL)
        """;

    /// <summary>The clock that dates a step and its backup.</summary>
    public TimeProvider Time => time;

    /// <summary>Makes the table of applied steps and tells which are still to be run.</summary>
    /// <exception cref="DatabaseException">The schema is not one this binary can use.</exception>
    public async Task<(int Applied, IReadOnlyList<Migration> Pending)> CompareAsync(DbConnection connection, CancellationToken ct)
    {
        await connection.ExecuteAsync(new CommandDefinition(CreateTable, cancellationToken: ct));
        var applied = await AppliedAsync(connection, ct);
        var last = applied.Count == 0 ? 0 : applied.Max(step => step.Number);
        if (last > (steps.Count == 0 ? 0 : steps.Max(step => step.Number)))
            throw new DatabaseException(
                $"The database's schema is at step {last} ({applied.Single(step => step.Number == last).Name}), which this version of Baton does not know: "
                + "it was upgraded by a newer version. Start that version, or restore the backup made before the upgrade.");
        foreach (var step in applied)
        {
            var known = steps.FirstOrDefault(known => known.Number == step.Number);
            if (known is null || known.Sha256 != step.Sha256)
                throw new DatabaseException(
                    $"Step {step.Number} ({step.Name}) of the database's schema is not the one this version of Baton was built with: "
                    + "its text was changed after it was applied. Start the version that applied it, or restore a backup.");
        }

        var pending = steps.Where(step => applied.All(done => done.Number != step.Number)).OrderBy(step => step.Number).ToList();
        if (pending.FirstOrDefault() is { } first && first.Number < last)
            throw new DatabaseException(
                $"Step {first.Number} ({first.Name}) of the schema comes before step {last}, which is applied already: steps are only ever added at the end.");
        return (last, pending);
    }

    /// <summary>Runs one step inside the transaction at hand; one that another process has run meanwhile is left out.</summary>
    /// <exception cref="DatabaseException">The step failed.</exception>
    public async Task ApplyAsync(DbConnection connection, Migration step, CancellationToken ct)
    {
        if ((await AppliedAsync(connection, ct)).Any(done => done.Number == step.Number))
            return;
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(step.Sql, commandType: System.Data.CommandType.Text, cancellationToken: ct));
        }
        catch (DbException failure)
        {
            throw new DatabaseException($"Step {step.Number} ({step.Name}) of the schema failed and was undone: {failure.Message}", failure);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES (@Number, @Name, @Sha256, @at)",
            new { step.Number, step.Name, step.Sha256, at = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000 },
            cancellationToken: ct));
    }

    private static async Task<List<Applied>> AppliedAsync(DbConnection connection, CancellationToken ct) =>
        (await connection.QueryAsync<Applied>(new CommandDefinition("SELECT number, name, sha256 FROM schema_migrations ORDER BY number", cancellationToken: ct))).AsList();

    private sealed record Applied
    {
        public int Number { get; init; }

        public string Name { get; init; } = "";

        public string Sha256 { get; init; } = "";
    }
}
