using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Baton.Contracts.Yaml;

/// <summary>
/// Builds the tree of one YAML document from the parser's events. The library's own document model would resolve aliases, accept tags
/// and lose the places of keys; events let every limit be held before memory is spent.
/// </summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 10;

    private readonly IParser _events;
    private readonly ProblemLog _log;
    private readonly Stack<(char Bracket, Place At)> _open = [];

    private YamlTree(IParser events, ProblemLog log)
    {
        _events = events;
        _log = log;
    }

    /// <summary>The mapping that the document is; null where it is none, with the reason in the log.</summary>
    public static MappingNode? Read(string text, ProblemLog log)
    {
        var start = new Place(1, 1);
        if (Encoding.UTF8.GetByteCount(text) is var size && size > ContractParser.MaxBytes)
        {
            log.Add("", $"the text is {size:N0} bytes; a contract is at most {ContractParser.MaxBytes:N0}", start);
            return null;
        }

        if (BrokenUnicode(text) is { } broken)
        {
            log.Add("", "the text holds half of a surrogate pair, which is not valid Unicode; save the file as UTF-8", broken);
            return null;
        }

        var scanner = new Scanner(new StringReader(text.TrimStart('\uFEFF')), skipComments: true);
        var tree = new YamlTree(new Parser(scanner), log);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            log.Add("", $"not valid YAML: {Sentence(e)}{tree.Unclosed()}", At(e.Start));
            return null;
        }
        catch (Exception e)
            when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The library's scanner loses its footing on some broken texts, e.g. where a line runs on after a missing '}'.
            log.Add("", $"not valid YAML: the text cannot be read on from here{tree.Unclosed()}", At(scanner.CurrentPosition));
            return null;
        }
        catch (TooDeepException e)
        {
            log.Add(e.Path, $"nested more than {MaxDepth} levels deep; a contract needs at most 6", e.At);
            return null;
        }
    }

    private MappingNode? Document()
    {
        _events.Consume<StreamStart>();
        if (_events.Accept<StreamEnd>(out _))
        {
            _log.Add("", "the text is empty; a contract begins with 'model: NAME'", new Place(1, 1));
            return null;
        }

        _events.Consume<DocumentStart>();
        var root = Read("", 0);
        _events.Consume<DocumentEnd>();
        if (_events.Accept<DocumentStart>(out var second))
        {
            _log.Add("", "a second YAML document begins here; a contract is one document: remove the '---'", At(second.Start));
            return null;
        }

        if (root is not (MappingNode or RefusedNode))
            _log.Add("", "a contract is a mapping of fields; it begins with 'model: NAME'", root.At);
        return root as MappingNode;
    }

    private Node Read(string path, int depth)
    {
        var at = At(_events.Current!.Start);
        if (depth > MaxDepth)
            throw new TooDeepException(path, at);

        if (_events.TryConsume<AnchorAlias>(out var alias))
        {
            _log.Add(path, $"alias '*{alias.Value}': contracts have no aliases; write the value out", at);
            return new RefusedNode(at);
        }

        if (_events.Current is NodeEvent node)
            RefuseExtras(node, path, at);

        if (_events.TryConsume<Scalar>(out var scalar))
            return new ScalarNode(at, scalar.Value, scalar.Style == ScalarStyle.Plain);

        if (_events.TryConsume<SequenceStart>(out var sequence))
        {
            _open.Push((sequence.Style == SequenceStyle.Flow ? '[' : ' ', at));
            var items = new List<Node>();
            while (!_events.Accept<SequenceEnd>(out _))
                items.Add(Read(path, depth + 1));
            Close<SequenceEnd>();
            return new SequenceNode(at, items);
        }

        _open.Push((_events.Consume<MappingStart>().Style == MappingStyle.Flow ? '{' : ' ', at));
        var mapping = new MappingNode(at, Entries(path, depth));
        Close<MappingEnd>();
        return mapping;
    }

    /// <summary>Consumes an end that is there. To consume is to read what follows, which may fail when this bracket is closed already.</summary>
    private void Close<TEnd>()
        where TEnd : ParsingEvent
    {
        _open.Pop();
        _events.Consume<TEnd>();
    }

    /// <summary>What an error of syntax is most often: a bracket that was opened and not closed.</summary>
    private string Unclosed() => _open.FirstOrDefault(o => o.Bracket != ' ') is { Bracket: '{' or '[' } open
        ? $"; the '{open.Bracket}' at line {open.At.Line}, column {open.At.Column} may not be closed"
        : "";

    private List<Entry> Entries(string path, int depth)
    {
        var entries = new List<Entry>();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (!_events.Accept<MappingEnd>(out _))
        {
            var key = Read(path, depth + 1);
            var name = (key as ScalarNode)?.Value;
            var value = Read(name is null ? path : Join(path, name), depth + 1);
            if (name is null)
            {
                if (key is not RefusedNode)
                    _log.Add(path, "a field's name must be one word, not a mapping or a list", key.At);
            }
            else if (seen.TryGetValue(name, out var first))
                _log.Add(Join(path, name), $"'{name}' stands twice, first on line {first.Line}; keep one", key.At);
            else
            {
                seen.Add(name, key.At);
                entries.Add(new Entry(name, key.At, value));
            }
        }

        return entries;
    }

    private void RefuseExtras(NodeEvent node, string path, Place at)
    {
        if (!node.Anchor.IsEmpty)
            _log.Add(path, $"anchor '&{node.Anchor.Value}': contracts have no anchors; remove it", at);
        if (!node.Tag.IsEmpty)
            _log.Add(path, $"tag '{node.Tag}': contracts have no tags; remove it", at);
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static Place At(Mark mark) => new(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private static Place? BrokenUnicode(string text)
    {
        var (line, column) = (1, 1);
        for (var i = 0; i < text.Length; i++, column++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return new Place(line, column);
            else if (text[i] == '\n')
                (line, column) = (line + 1, 0);
        }

        return null;
    }

    private static string Sentence(YamlException e) =>
        e.Message.Length == 0
            ? "it cannot be read here"
            : (char.ToLowerInvariant(e.Message[0]) + e.Message[1..]).TrimEnd('.').Replace("  ", " ", StringComparison.Ordinal);

    private sealed class TooDeepException(string path, Place at) : Exception
    {
        public string Path => path;

        public Place At => at;
    }
}
