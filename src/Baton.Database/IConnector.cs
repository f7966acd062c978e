namespace Baton.Database;

/// <summary>One engine's way of connecting, reading and writing.</summary>
internal interface IConnector : IAsyncDisposable
{
    Dialect Dialect { get; }

    Task OpenAsync(Migrator migrator, CancellationToken ct);

    Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken ct);

    Task<T> WriteAsync<T>(Func<Session, Task<T>> write, CancellationToken ct);
}
