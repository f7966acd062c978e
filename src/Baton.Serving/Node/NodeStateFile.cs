using System.Text.Json;
using Baton.Client;
using Baton.Storage;

namespace Baton.Serving.Node;

/// <summary>The node's state on disk: what it serves when it starts and the control plane is down.</summary>
internal sealed class NodeStateFile(string path)
{
    /// <summary>Keeps a state; it is on the disk when the call returns.</summary>
    public Task WriteAsync(NodeState state, CancellationToken cancellation) =>
        DurableFile.WriteAsync(path, JsonSerializer.SerializeToUtf8Bytes(state, WireJson.Options), cancellation);

    /// <summary>The kept state; null where there is none, or none that can be read: the control plane then tells it anew.</summary>
    public async Task<NodeState?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var state = JsonSerializer.Deserialize<NodeState>(await File.ReadAllBytesAsync(path, cancellation), WireJson.Options);
            return state is { Desired: not null, Served: not null } ? state : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
