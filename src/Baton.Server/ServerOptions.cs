using System.Net;

namespace Baton.Server;

/// <summary>How a control plane runs.</summary>
public sealed record ServerOptions
{
    private const string ProxiedRoot = "mlflow-artifacts:/";

    /// <summary>Directory for the embedded database and blobs.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address to listen on. <value>127.0.0.1 by default.</value></summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes any free one. <value>5000 by default.</value></summary>
    public int Port { get; init; } = 5000;

    /// <summary><c>sqlite:FILE</c> or <c>postgres:CONNECTION</c>. <value>SQLite in the data directory by default.</value></summary>
    public string? Database { get; init; }

    /// <summary><c>file:DIR</c>. <value><c>blobs</c> in the data directory by default.</value></summary>
    public string? Blobs { get; init; }

    /// <summary>
    /// Where the files of new experiments go: <c>mlflow-artifacts:/</c>, through Baton into its blobs, or <c>file:///DIR</c>, which clients write themselves.
    /// <value><c>mlflow-artifacts:/</c> by default.</value>
    /// </summary>
    public string DefaultArtifactRoot { get; init; } = ProxiedRoot;

    /// <summary>Whether params and tags beyond MLflow's limits are cut, as MLflow does, rather than refused. <value>True by default.</value></summary>
    public bool TruncateLongValues { get; init; } = true;

    /// <summary>Token that agents present; null admits none.</summary>
    public string? AgentToken { get; init; }

    /// <summary>Token that serving nodes present; null admits none.</summary>
    public string? ServingToken { get; init; }

    /// <summary>Schemes of the URLs that webhooks may have. <value><c>https</c> alone by default.</value></summary>
    public IReadOnlyList<string> WebhookAllowedSchemes { get; init; } = ["https"];

    /// <summary>Whether webhooks may reach addresses that are not public: this machine and private networks.</summary>
    public bool WebhookAllowPrivate { get; init; }

    /// <summary>32 bytes in base64 that encrypt webhooks' secrets; null makes a key in the data directory. Control planes that share a database share it.</summary>
    public string? WebhookKey { get; init; }

    /// <summary>How long an agent may be silent before its job is given to another. <value>15 seconds by default.</value></summary>
    public TimeSpan JobLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Every fault of these options, each naming the option, what was given and what is expected.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(DataDirectory))
            problems.Add("--data is empty: name a directory.");
        if (Port is < 0 or > 65535)
            problems.Add($"--port {Port} is no port: expected 0 to 65535.");
        if (!IsLoopback(Host))
            problems.Add($"--host {Host} is not a loopback address: without authentication Baton listens on 127.0.0.1, ::1 or localhost only.");
        if (Database is not null && !Database.StartsWith("sqlite:", StringComparison.Ordinal) && !Database.StartsWith("postgres:", StringComparison.Ordinal))
            problems.Add($"--database {Database} is not understood: expected sqlite:FILE or postgres:CONNECTION.");
        if (Blobs is not null && !Blobs.StartsWith("file:", StringComparison.Ordinal))
            problems.Add($"--blobs {Blobs} is not understood: expected file:DIR.");
        if (!DefaultArtifactRoot.StartsWith(ProxiedRoot, StringComparison.Ordinal) && OuterArtifactDirectory is null)
            problems.Add($"--default-artifact-root {DefaultArtifactRoot} is not understood: expected mlflow-artifacts:/ or file:///DIR.");
        if (AgentToken is { Length: < 32 })
            problems.Add("the agent token is shorter than 32 characters: a guessable token is none.");
        if (ServingToken is { Length: < 32 })
            problems.Add("the serving token is shorter than 32 characters: a guessable token is none.");
        if (WebhookAllowedSchemes.Count == 0 || WebhookAllowedSchemes.Any(s => s is not ("http" or "https")))
            problems.Add($"--webhook-allowed-schemes {string.Join(',', WebhookAllowedSchemes)} is not understood: expected https, http, or both with a comma.");
        if (WebhookKey is not null && !IsKey(WebhookKey))
            problems.Add("the webhook key is none: expected 32 random bytes in base64, e.g. from `openssl rand -base64 32`.");
        if (JobLease < TimeSpan.FromSeconds(1))
            problems.Add($"the job lease is {JobLease.TotalSeconds} s: expected at least 1 s.");
        return problems;
    }

    internal string DatabaseConnection => Database ?? $"sqlite:{Path.Combine(DataDirectory, "baton.db")}";

    internal string BlobDirectory => Blobs is null ? Path.Combine(DataDirectory, "blobs") : Blobs["file:".Length..];

    /// <summary>The folder of <see cref="DefaultArtifactRoot"/>, where it is one that clients write; else null.</summary>
    internal string? OuterArtifactDirectory =>
        DefaultArtifactRoot.StartsWith("file:///", StringComparison.Ordinal) && Uri.TryCreate(DefaultArtifactRoot, UriKind.Absolute, out var root)
        && root.IsFile && root.Query.Length == 0 && root.Fragment.Length == 0
            ? root.LocalPath
            : null;

    internal IPAddress Address => Host is "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    private static bool IsKey(string key) => Convert.TryFromBase64String(key, new byte[33], out var length) && length == 32;

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>The options do not fit; <see cref="Problems"/> names every fault.</summary>
public sealed class InvalidOptionsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Every fault.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>The control plane cannot listen: the port is taken or not allowed.</summary>
public sealed class CannotListenException(string message, Exception inner) : Exception(message, inner);

/// <summary>The database cannot be opened.</summary>
/// <param name="message">What was wrong and what to do.</param>
/// <param name="unreachable">Whether nothing answered, rather than that what answered cannot be used.</param>
/// <param name="inner">The database's own exception.</param>
public sealed class CannotOpenDatabaseException(string message, bool unreachable, Exception inner) : Exception(message, inner)
{
    /// <summary>Whether nothing answered.</summary>
    public bool Unreachable { get; } = unreachable;
}
