using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Baton.EndToEndTests;
using Baton.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(QuickstartStory))]

namespace Baton.EndToEndTests;

/// <summary>
/// <c>baton quickstart</c>, run once for all tests that ask for it and kept running until the last of them ended. The first call of
/// <see cref="ToldAsync"/> starts it.
/// </summary>
public sealed class QuickstartStory : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Lazy<Task<Story>> _told;
    private TempDirectory? _folder;
    private Process? _baton;

    public QuickstartStory() => _told = new Lazy<Task<Story>>(TellAsync);

    /// <summary>The story, with the server that tells it running.</summary>
    /// <exception cref="InvalidOperationException">The quickstart ended early, or said nothing for long.</exception>
    public Task<Story> ToldAsync() => _told.Value;

    public async ValueTask DisposeAsync()
    {
        if (_baton is { } baton)
        {
            if (!baton.HasExited)
            {
                using var interrupt = Process.Start("kill", ["-TERM", $"{baton.Id}"]);
                await interrupt.WaitForExitAsync();
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                try
                {
                    await baton.WaitForExitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    baton.Kill(entireProcessTree: true);
                    await baton.WaitForExitAsync();
                }
            }

            baton.Dispose();
        }

        _folder?.Dispose();
    }

    private async Task<Story> TellAsync()
    {
        _folder = new TempDirectory();
        var start = new ProcessStartInfo(BatonBinary.Path, ["quickstart", "--data", _folder.File("data"), "--port", "0", "--serve-port", "0", "--json"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var said = new StringBuilder();
        _baton = Process.Start(start)!;
        _baton.ErrorDataReceived += (_, line) =>
        {
            lock (said)
                said.AppendLine(line.Data);
        };
        _baton.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return new Story(await SummaryAsync(_baton.StandardOutput, limit.Token), _folder.File("data"));
        }
        catch (Exception e) when (e is EndOfStreamException or OperationCanceledException)
        {
            lock (said)
                throw new InvalidOperationException($"baton quickstart gave no summary ({e.Message}). It said:\n{said}", e);
        }
    }

    /// <summary>Reads lines until they are one whole JSON document; the process goes on running.</summary>
    private static async Task<JsonElement> SummaryAsync(StreamReader output, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (await output.ReadLineAsync(cancellation) is { } line)
        {
            text.AppendLine(line);
            if (!line.StartsWith('}'))
                continue;
            using var whole = JsonDocument.Parse(text.ToString());
            return whole.RootElement.Clone();
        }

        throw new EndOfStreamException("its output ended");
    }
}

/// <summary>What the quickstart printed, and where it runs.</summary>
/// <param name="Summary">The summary of <c>--json</c>.</param>
/// <param name="DataDirectory">Its data directory.</param>
public sealed record Story(JsonElement Summary, string DataDirectory)
{
    /// <summary>Address of the server, ending in a slash.</summary>
    public Uri Address { get; } = new(Summary.GetProperty("url").GetString()!);

    /// <summary>Every version: champion, baseline, challenger.</summary>
    public IReadOnlyList<StoryVersion> Versions { get; } =
        [.. Summary.GetProperty("versions").EnumerateArray().Select(v => v.Deserialize<StoryVersion>(Contracts.Documents.Compact)!)];

    /// <summary>The version of a name.</summary>
    public StoryVersion this[string name] => Versions.Single(v => v.Name == name);
}

/// <summary>A version of the story.</summary>
public sealed record StoryVersion(string Name, string Version, string Model, Contracts.Verdict Verdict, IReadOnlyList<StoryClause> Clauses)
{
    /// <summary>Path of its page.</summary>
    public string Path => $"models/{Model}/versions/{Version}";
}

/// <summary>A clause of the story; numbers in its unit.</summary>
public sealed record StoryClause(string Name, Contracts.Verdict Verdict, Contracts.Reading? Claimed, Contracts.Reading? Measured, Contracts.Interval? Interval, string Reason);
