using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Unicode;

namespace Baton.Server.Runs;

/// <summary>The numbers of keys that are in the database for good, remembered by project. What is not remembered is looked up there.</summary>
internal sealed class LogKeys
{
    private const int MostProjects = 1000;

    private readonly ConcurrentDictionary<string, ProjectKeys> _projects = new(StringComparer.Ordinal);

    public ProjectKeys Of(string project)
    {
        if (_projects.TryGetValue(project, out var keys))
            return keys;
        if (_projects.Count >= MostProjects)
            _projects.Clear();
        return _projects.GetOrAdd(project, _ => new ProjectKeys());
    }
}

/// <summary>The remembered keys of one project. When there are too many all are forgotten, which costs a query and nothing else.</summary>
internal sealed class ProjectKeys
{
    private const int Most = 100_000;
    private const int LongestLookedUp = 512;

    private readonly ConcurrentDictionary<string, LogKey> _byText = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, LogKey> _byNumber = new();

    /// <summary>A remembered key by its UTF-8 text, without making a string of it.</summary>
    public LogKey? Find(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[LongestLookedUp];
        return Utf8.ToUtf16(text, characters, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done
            && _byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out var key)
            ? key
            : null;
    }

    /// <summary>The key of a text: the remembered one, or one that has no number yet.</summary>
    public LogKey Of(string text) => _byText.GetValueOrDefault(text) ?? new LogKey(text, 0);

    public LogKey? Find(long number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Remembers keys that are committed.</summary>
    public void Remember(IEnumerable<LogKey> keys)
    {
        foreach (var key in keys)
        {
            if (_byText.Count >= Most)
            {
                _byText.Clear();
                _byNumber.Clear();
            }

            _byText[key.Text] = key;
            _byNumber[key.Number] = key;
        }
    }
}
