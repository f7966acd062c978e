using System.Security.Cryptography;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

public sealed class LargeUploadTests
{
    [Fact]
    public async Task An_upload_goes_on_where_it_was_when_its_server_was_killed_and_sends_nothing_twice()
    {
        await using var baton = await RunningBaton.StartAsync();
        var experiment = await baton.Client.GetOrCreateExperimentAsync("large");
        var run = await baton.Client.CreateRunAsync(experiment.ExperimentId, "r", []);
        const int Size = 160 * 1024 * 1024;
        var source = new Slow(Size);
        var put = baton.Client.PutArtifactAsync(run.Info.ArtifactUri, "large.bin", source);
        await Wait.UntilAsync(() => source.Given > Size / 2, TimeSpan.FromSeconds(60));
        ProcessTree.Signal(baton.Children()["server"], "KILL");
        await put;

        using var folder = new TempDirectory();
        await baton.Client.DownloadArtifactAsync(run.Info.ArtifactUri, "large.bin", folder.File("large.bin"));
        await using var stored = File.OpenRead(folder.File("large.bin"));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Slow.ContentOf(Size))), Convert.ToHexString(await SHA256.HashDataAsync(stored)));
        // What was under way when the server died is sent again, and no more.
        Assert.InRange(source.Given, Size, Size + (32 * 1024 * 1024));
    }

    /// <summary>A file that is read at the pace of a network, and counts what was read.</summary>
    private sealed class Slow(int size) : MemoryStream(ContentOf(size), writable: false)
    {
        private long _given;

        public long Given => Interlocked.Read(ref _given);

        public static byte[] ContentOf(int size)
        {
            var bytes = new byte[size];
            new Random(11).NextBytes(bytes);
            return bytes;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer[..Math.Min(buffer.Length, 1024 * 1024)], cancellationToken);
            if (Interlocked.Add(ref _given, read) / (8 * 1024 * 1024) != (Given - read) / (8 * 1024 * 1024))
                await Task.Delay(20, cancellationToken);
            return read;
        }
    }
}
