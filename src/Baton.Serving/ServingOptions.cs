using System.Net;

namespace Baton.Serving;

/// <summary>How a serving node runs.</summary>
public sealed record ServingOptions
{
    /// <summary>Directory of this node alone: packages, the state that it serves, the spool of the prediction log. Not touched without a control plane.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>Address to listen on. <value>127.0.0.1 by default.</value></summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes any free one. <value>8080 by default.</value></summary>
    public int Port { get; init; } = 8080;

    /// <summary>Name of the node, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Model files to serve, by endpoint, where there is no control plane. Their user named them: they run in this process.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>Size to which packages that are not served any more are kept, bytes. <value>10 GiB by default.</value></summary>
    public long CacheBytes { get; init; } = 10L << 30;

    /// <summary>Age at which rows of the prediction log are sealed and sent. <value>5 seconds by default.</value></summary>
    public TimeSpan LogSealAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the node tells the control plane how it stands, apart from each change. <value>10 seconds by default.</value></summary>
    public TimeSpan StatusEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the control plane may hold the question what to serve. <value>20 seconds by default.</value></summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Every fault of these options, each naming the option, what was given and what is expected.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(WorkDirectory))
            problems.Add("--work is empty: name a directory.");
        if (Port is < 0 or > 65535)
            problems.Add($"--port {Port} is no port: expected 0 to 65535.");
        if (!IsLoopback(Host))
            problems.Add($"--host {Host} is not a loopback address: without authentication Baton listens on 127.0.0.1, ::1 or localhost only.");
        if (LogSealAfter < TimeSpan.FromMilliseconds(100) || LogSealAfter > TimeSpan.FromHours(1))
            problems.Add($"--log-seal-seconds {LogSealAfter.TotalSeconds} does not fit: expected 0.1 to 3600.");
        foreach (var (_, path) in Models.Where(model => !File.Exists(model.Value)))
            problems.Add($"there is no model file {path}: name an ONNX file, e.g. model.onnx.");
        return problems;
    }

    internal IPAddress Address => Host is "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
