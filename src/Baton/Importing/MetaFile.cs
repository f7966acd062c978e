using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Baton.Importing;

/// <summary>A <c>meta.yaml</c> of MLflow: fields of one word each, and fields that are a map of words. Read as events: no tag makes anything, no alias grows.</summary>
internal sealed class MetaFile
{
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly Dictionary<string, string?> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, string>> _maps = new(StringComparer.Ordinal);

    /// <exception cref="UnreadableSourceException">It is no such file.</exception>
    public static MetaFile Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw new UnreadableSourceException($"{path} is larger than {MostBytes:N0} bytes");
            using var text = new StreamReader(path);
            return Parse(text);
        }
        catch (YamlException e)
        {
            throw new UnreadableSourceException($"{path}, line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new UnreadableSourceException($"{path}: {e.Message}", e);
        }
    }

    public string? Text(string field) => _words.GetValueOrDefault(field);

    public long? Integer(string field) => Text(field) is { } text
        ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && Math.Abs(real) < 9e15 ? (long)real
            : null
        : null;

    public IReadOnlyDictionary<string, string> Map(string field) => _maps.TryGetValue(field, out var map) ? map : new Dictionary<string, string>();

    private static MetaFile Parse(TextReader text)
    {
        var events = new Parser(new Scanner(text, skipComments: true));
        events.Consume<StreamStart>();
        events.Consume<DocumentStart>();
        events.Consume<MappingStart>();
        var file = new MetaFile();
        while (!events.TryConsume<MappingEnd>(out _))
        {
            var field = Word(events) ?? "";
            if (events.Accept<Scalar>(out _))
                file._words[field] = Word(events);
            else if (events.TryConsume<MappingStart>(out _))
                file._maps[field] = ReadMap(events);
            else
                Pass(events);
        }

        return file._words.Count == 0 ? throw new YamlException("no field is there") : file;
    }

    private static Dictionary<string, string> ReadMap(IParser events)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!events.TryConsume<MappingEnd>(out _))
        {
            var key = Word(events) ?? "";
            if (events.Accept<Scalar>(out _))
                map[key] = Word(events) ?? "";
            else
                Pass(events);
        }

        return map;
    }

    private static string? Word(IParser events)
    {
        var scalar = events.Consume<Scalar>();
        return scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "null" or "~" or "Null" or "NULL" ? null : scalar.Value;
    }

    /// <summary>Passes a value of another form, however deep.</summary>
    private static void Pass(IParser events)
    {
        var depth = 0;
        do
        {
            depth += events.Consume<ParsingEvent>().NestingIncrease;
        }
        while (depth > 0);
    }
}

/// <summary>A piece of the source does not say what it should.</summary>
internal sealed class UnreadableSourceException(string message, Exception? cause = null) : Exception(message, cause);
