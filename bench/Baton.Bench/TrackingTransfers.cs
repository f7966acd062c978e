using System.Diagnostics;
using System.Security.Cryptography;

namespace Baton.Bench;

/// <summary>Files up and down, beside what the same bytes cost this process to hash and write, and to read.</summary>
internal static class TrackingTransfers
{
    private const int Mebibytes = 256;
    private const int Rounds = 3;

    public static IEnumerable<TrackingFigure> Run(TrackingServer server, string database, string run)
    {
        var block = new byte[1 << 20];
        Random.Shared.NextBytes(block);
        var (limit, limitWall) = Cost(() => HashAndWrite(block, Path.Combine(server.Directory, "limit.bin")));
        var (reading, _) = Cost(() => Read(Path.Combine(server.Directory, "limit.bin")));
        File.Delete(Path.Combine(server.Directory, "limit.bin"));

        using var wire = new TrackingWire(server.Address);
        var path = $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/big";
        var (up, upWall, _) = Served(server, round =>
        {
            // Another file each time: the same one again would be stored once.
            BitConverter.TryWriteBytes(block, round + 1L);
            wire.Upload($"{path}{round}.bin", block, Mebibytes);
        });
        yield return new TrackingFigure(database, "256 MB up", up, "ms CPU", Target: 2 * limit, Wall: upWall, Note: $"hash and write: {limit:0} ms CPU, {limitWall:0} ms on the clock");
        var (down, downWall, memory) = Served(server, round =>
        {
            if (wire.Download($"{path}{round}.bin") != (long)Mebibytes << 20)
                throw new BenchException("A download is shorter than what was sent.");
        });
        yield return new TrackingFigure(database, "256 MB down", down, "ms CPU", Target: 2 * limit, Wall: downWall, Note: $"reading: {reading:0} ms CPU");
        yield return new TrackingFigure(database, "memory after transfers", memory, "MiB", Target: 200 + 256);
    }

    private static (double Cpu, double Wall, double Memory) Served(TrackingServer server, Action<int> transfer)
    {
        var (cpus, walls) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var before = server.Cpu.Server;
            var watch = Stopwatch.StartNew();
            transfer(round);
            walls.Add(watch.Elapsed.TotalMilliseconds);
            cpus.Add((server.Cpu.Server - before).TotalMilliseconds);
        }

        return (cpus.Min(), walls.Min(), server.Memory);
    }

    private static (double Cpu, double Wall) Cost(Action work)
    {
        using var self = Process.GetCurrentProcess();
        var (cpus, walls) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            self.Refresh();
            var before = self.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            work();
            walls.Add(watch.Elapsed.TotalMilliseconds);
            self.Refresh();
            cpus.Add((self.TotalProcessorTime - before).TotalMilliseconds);
        }

        return (cpus.Min(), walls.Min());
    }

    private static void HashAndWrite(byte[] block, string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var i = 0; i < Mebibytes; i++)
        {
            hash.AppendData(block);
            file.Write(block);
        }

        file.Flush(flushToDisk: true);
        hash.GetHashAndReset();
    }

    private static void Read(string path)
    {
        var buffer = new byte[1 << 20];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (file.Read(buffer) > 0)
        {
        }
    }
}
