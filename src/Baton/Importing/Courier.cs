using System.Security.Cryptography;
using System.Text.Json;
using Baton.Client;

namespace Baton.Importing;

/// <summary>What is sent where: the server, the name of the source, and what of it is on the server already. Without a server nothing is sent, and all counts as carried.</summary>
/// <param name="client">The server; null to send nothing.</param>
/// <param name="source">Name of the source.</param>
/// <param name="remembers">Whether to keep what is known in memory: a follower asks again and again.</param>
internal sealed class Courier(BatonClient? client, string source, bool remembers)
{
    private const int IdsAtOnce = 5000;

    private readonly Dictionary<(string Kind, string Id), ImportMark> _known = [];

    public BatonClient? Client => client;

    public string Source => source;

    /// <summary>What the server has of some things of a kind, by id.</summary>
    public async Task<IReadOnlyDictionary<string, ImportMark>> KnownAsync(string kind, IReadOnlyCollection<string> ids, CancellationToken stop)
    {
        var found = new Dictionary<string, ImportMark>(StringComparer.Ordinal);
        if (client is null)
            return found;
        var unknown = new List<string>();
        foreach (var id in ids)
        {
            if (_known.TryGetValue((kind, id), out var mark))
                found[id] = mark;
            else
                unknown.Add(id);
        }

        foreach (var part in unknown.Chunk(IdsAtOnce))
        {
            foreach (var (id, mark) in await client.GetImportedAsync(source, kind, part, stop))
            {
                found[id] = mark;
                Learn(kind, mark);
            }
        }

        return found;
    }

    public void Learn(string kind, ImportMark mark)
    {
        if (remembers)
            _known[(kind, mark.Id)] = mark;
    }

    /// <summary>Digest of what would be sent.</summary>
    public static string DigestOf<T>(T content) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, WireJson.Options)));

    /// <summary>Whether the server refused what it was sent, rather than failing.</summary>
    public static bool IsRefusal(BatonApiException e) => (int)e.Status is >= 400 and < 500;
}
