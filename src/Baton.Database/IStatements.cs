namespace Baton.Database;

/// <summary>The statements a connection keeps prepared: one engine's fast way to run the same text many times.</summary>
internal interface IStatements
{
    /// <summary>Runs statements in order, in one message where the engine takes messages. The number of rows that the last one changed.</summary>
    Task<int> RunAsync(IReadOnlyList<Statement> statements, CancellationToken ct);
}
