using Baton.Contracts.Language;

namespace Baton.Contracts.Yaml;

/// <summary>The fields of one mapping: reads typed values and reports what is unknown, missing or wrong.</summary>
internal sealed class Fields
{
    private readonly MappingNode _node;
    private readonly ProblemLog _log;
    private readonly HashSet<string> _misspelt = [];

    private Fields(MappingNode node, string path, ProblemLog log)
    {
        _node = node;
        _log = log;
        Path = path;
    }

    public string Path { get; }

    public Place At => _node.At;

    public IReadOnlyList<Entry> Entries => _node.Entries;

    private string Place => Path.Length == 0 ? "the contract" : Path;

    /// <summary>The root of the document.</summary>
    public static Fields Root(MappingNode node, ProblemLog log) => new(node, "", log);

    /// <summary>The mapping that an entry holds; null, and reported, where it holds something else.</summary>
    /// <param name="entry">An entry of this mapping.</param>
    /// <param name="example">What could stand there, for the message.</param>
    public Fields? Open(Entry entry, string example)
    {
        var path = YamlTree.Join(Path, entry.Key);
        switch (entry.Value)
        {
            case MappingNode mapping:
                return new Fields(mapping, path, _log);
            case RefusedNode:
                return null;
            case ScalarNode { IsNull: true }:
                _log.Add(path, $"{path} is empty; write e.g. '{entry.Key}: {example}'", entry.At);
                return null;
            case ScalarNode scalar:
                var found = Quantities.Excerpt(scalar.Value);
                _log.Add(path, $"{path} is '{found}', but fields are expected; write e.g. '{entry.Key}: {example}'", scalar.At);
                return null;
            default:
                _log.Add(path, $"{path} is a list, but fields are expected; write e.g. '{entry.Key}: {example}'", entry.Value.At);
                return null;
        }
    }

    /// <summary>Opens the mapping in a field; null where the field is absent or wrong.</summary>
    public Fields? Open(string name, string example) => Find(name) is { } entry ? Open(entry, example) : null;

    /// <summary>Reports every field that is not expected.</summary>
    /// <param name="takes">Whether a name is expected.</param>
    /// <param name="known">The names there are, for messages.</param>
    public void Allow(Func<string, bool> takes, IReadOnlyList<string> known)
    {
        foreach (var entry in _node.Entries.Where(e => !takes(e.Key)))
            Unknown(entry, "field", Spelling.Nearest(entry.Key, known.Where(k => Find(k) is null)), known);
    }

    /// <summary>Reports an unknown field, with the likely word or all that can stand there.</summary>
    public void Unknown(Entry entry, string what, string? likely, IReadOnlyList<string> known)
    {
        if (likely is not null)
            _misspelt.Add(likely);
        var hint = likely is not null ? $"did you mean '{likely}'?" : $"expected {(known.Count == 1 ? "only" : "one of")} {string.Join(", ", known)}";
        _log.Add(YamlTree.Join(Path, entry.Key), $"unknown {what} '{Quantities.Excerpt(entry.Key)}' in {Place}; {hint}", entry.At, likely);
    }

    /// <summary>Reports a field that must be there, unless a misspelt one was taken for it already.</summary>
    public void Missing(string name, string message)
    {
        if (!_misspelt.Contains(name))
            _log.Add(YamlTree.Join(Path, name), message, At);
    }

    public Entry? Find(string name) => _node.Entries.FirstOrDefault(e => e.Key == name);

    /// <summary>Reports a fault of a field's value.</summary>
    public void Fault(string name, string message, string? suggestion = null) =>
        _log.Add(YamlTree.Join(Path, name), $"{YamlTree.Join(Path, name)}: {message}", Find(name)?.Value.At ?? At, suggestion);

    /// <summary>A text; null where absent or wrong.</summary>
    public string? Text(string name, int longest, bool lines = false)
    {
        if (Scalar(name, "a text") is not { } scalar)
            return null;
        var text = scalar.Value.Trim();
        var fault = text.Length == 0 ? "the text is empty; write one, or leave the field out"
            : text.Length > longest ? $"the text has {text.Length:N0} characters; at most {longest:N0} fit"
            : text.Any(c => char.IsControl(c) && !(lines && c is '\n' or '\t')) ? "the text holds a control character or a line break; remove it"
            : null;
        if (fault is null)
            return text;
        Fault(name, fault);
        return null;
    }

    /// <summary>A list of texts, or one text for a list of one; null where absent or wrong.</summary>
    /// <param name="name">The field.</param>
    /// <param name="words">The words that it may hold; null for any.</param>
    public IReadOnlyList<string>? Texts(string name, IReadOnlyList<string>? words)
    {
        if (Find(name) is not { } entry || entry.Value is RefusedNode)
            return null;
        IReadOnlyList<Node> items = entry.Value is SequenceNode list ? list.Items : [entry.Value];
        var texts = items.OfType<ScalarNode>().Where(s => !s.IsNull).Select(s => s.Value.Trim()).ToList();
        var fault = items.Count == 0 || texts.Count < items.Count ? "a list of texts is expected, like [one, two]"
            : texts.Count > 1000 ? $"the list has {texts.Count:N0} texts; at most 1,000 fit"
            : texts.Any(t => t.Length is 0 or > 250 || t.Any(char.IsControl)) ? "each text has 1 to 250 characters on one line"
            : words is not null && texts.FirstOrDefault(t => !words.Contains(t)) is { } unknown
                ? $"'{Quantities.Excerpt(unknown)}' is not known here; " + (Spelling.Nearest(unknown, words) is { } near ? $"did you mean '{near}'?" : $"expected {string.Join(", ", words)}")
            : null;
        if (fault is null)
            return texts;
        Fault(name, fault);
        return null;
    }

    /// <summary>A value of some kind; null where absent or wrong.</summary>
    /// <param name="name">The field.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="refuse">What is wrong with a value that reads well; null where nothing is.</param>
    public object? Read(string name, Kind kind, Func<object, string?>? refuse = null)
    {
        if (Scalar(name, "a value") is not { } scalar)
            return null;
        var (value, fault, suggestion) = kind.Read(scalar.Value.Trim());
        if ((fault ?? refuse?.Invoke(value!)) is not { } wrong)
            return value;
        Fault(name, wrong, suggestion);
        return null;
    }

    private ScalarNode? Scalar(string name, string expected)
    {
        if (Find(name) is not { } entry || entry.Value is RefusedNode)
            return null;
        if (entry.Value is ScalarNode { IsNull: false } scalar)
            return scalar;
        var found = entry.Value switch { ScalarNode => "it is empty", MappingNode => "it holds fields", _ => "it is a list" };
        Fault(name, $"{found}, but {expected} is expected");
        return null;
    }
}
