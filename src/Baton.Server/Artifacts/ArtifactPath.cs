using System.Text;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Baton.Server.Artifacts;

/// <summary>
/// A relative path of a file or folder below the artifact root, e.g. <c>1/RUN/artifacts/model/model.onnx</c>. Parsed once, at the edge; nothing
/// behind it takes a string. It is a key of the database, never a path of the disk.
/// </summary>
internal sealed record ArtifactPath
{
    private const int MaxLength = 1024;

    /// <summary>A path is part of keys, and PostgreSQL's hold about 2,700 bytes.</summary>
    private const int MaxBytes = 2000;

    private ArtifactPath(string value) => Value = value;

    /// <summary>Segments joined by <c>/</c>; empty for the root.</summary>
    public string Value { get; }

    public string FileName => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The folders that it lies in, from the outermost.</summary>
    public IReadOnlyList<string> Above
    {
        get
        {
            var segments = Value.Split('/');
            return [.. Enumerable.Range(1, segments.Length - 1).Select(count => string.Join('/', segments.Take(count)))];
        }
    }

    public static ArtifactPath Parse(string text)
    {
        var path = text.TrimEnd('/');
        if (path.IsLongerThan(MaxLength))
            throw Refusal.Invalid($"Invalid path: it is longer than {MaxLength} characters.");
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes)
            throw Refusal.Invalid($"Invalid path: it is longer than {MaxBytes} bytes in UTF-8.");
        var decoded = FullyDecoded(path);
        if (decoded.StartsWith('/') || decoded.Contains('\\') || decoded.Contains('#') || decoded.Any(char.IsControl)
            || (decoded.Length > 1 && decoded[1] == ':')
            || (decoded.Length > 0 && decoded.Split('/').Any(segment => segment is "" or "." or "..")))
            throw Plain();
        return new ArtifactPath(path);
    }

    /// <summary>
    /// The path that a request names. The web server resolves dot segments before it routes, so they are looked for in the target as it was sent:
    /// a client that sends them means something else than it gets.
    /// </summary>
    public static ArtifactPath Of(HttpRequest request, string routed)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (FullyDecoded(target.Split('?', 2)[0]).Split('/', '\\').Any(segment => segment is "." or ".."))
            throw Plain();
        return Parse(routed);
    }

    public ArtifactPath Join(string relative) => relative.Length == 0 ? this : Parse(Value.Length == 0 ? relative : $"{Value}/{relative}");

    private static Refusal Plain() =>
        Refusal.Invalid("Invalid path: expected a relative path of plain segments, without '..', '//', '\\', '#' or control characters.");

    /// <summary>Undoes every layer of percent-encoding, so that a path hidden in two layers is seen too.</summary>
    private static string FullyDecoded(string path)
    {
        for (var round = 0; round < 8; round++)
        {
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
                return path;
            path = decoded;
        }

        throw Refusal.Invalid("Invalid path: it is percent-encoded too many times.");
    }
}
