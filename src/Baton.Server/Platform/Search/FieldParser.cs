using System.Globalization;

namespace Baton.Server.Platform.Search;

/// <summary>
/// Reads <c>entity.key</c>: the first dot parts them, a key of other characters stands in backticks or double quotes. Unknown names are refused
/// with the one that was probably meant.
/// </summary>
internal sealed class FieldParser(TokenCursor cursor, SearchLanguage language, IReadOnlyDictionary<string, SearchAttribute> attributes, string attributeWord)
{
    private const long MicrosPerStep = 1_000_000;

    /// <summary>The field at the cursor.</summary>
    public Field Parse()
    {
        var start = cursor.Take();
        if (start.Kind == TokenKind.Quoted && start.Quote != '\'')
            return Attribute(start, start.Inside);
        if (start.Kind != TokenKind.Word)
            throw Expected(start);
        var dot = start.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return Attribute(start, WithName(start, start.Text));
        var entity = start.Text[..dot];
        if (!language.Entities.TryGetValue(entity, out var kind))
            throw SearchErrors.At(
                cursor.Text, start, language.UnknownEntity(SearchErrors.Cut(entity)) + SearchErrors.DidYouMean(entity, language.Entities.Keys), "a field such as " + Example());
        var (key, quoted, end) = Key(start, start.Text[(dot + 1)..]);
        return kind switch
        {
            FieldKind.Attribute => Attribute(start, quoted ? key : WithName(start, key)),
            FieldKind.Metric => Metric(key, quoted, end),
            FieldKind.Dataset when key is not ("name" or "digest" or "context") => throw SearchErrors.At(
                cursor.Text,
                start,
                $"Invalid dataset key '{SearchErrors.Cut(key)}' specified. Valid keys are '{SearchErrors.Names(["name", "digest", "context"])}'" + SearchErrors.DidYouMean(key, ["name", "digest", "context"]),
                "dataset.name, dataset.digest or dataset.context"),
            _ => new Field(kind, key),
        };
    }

    private (string Key, bool Quoted, Token End) Key(Token start, string rest)
    {
        if (rest.Length > 0)
            return (rest, false, start);
        var quoted = cursor.Current;
        if (quoted.Kind != TokenKind.Quoted || quoted.Quote == '\'' || quoted.Position != start.After || quoted.Inside.Length == 0)
            throw SearchErrors.Clause(cursor.Text, quoted, $"a key after '{start.Text}', in backticks where it is no plain word");
        cursor.Take();
        return (quoted.Inside, true, quoted);
    }

    private Field Metric(string key, bool quoted, Token end)
    {
        if (quoted)
        {
            var suffix = cursor.Current;
            if (suffix.Kind != TokenKind.Word || suffix.Position != end.After)
                return new Field(FieldKind.Metric, key, MetricReading.Latest);
            cursor.Take();
            return new Field(FieldKind.Metric, key, Reading(suffix.Text[1..], suffix)
                ?? throw SearchErrors.Clause(cursor.Text, suffix, ".min, .max, .best or .at(step) after the metric's key"));
        }

        var dot = key.LastIndexOf('.');
        return dot > 0 && Reading(key[(dot + 1)..], end) is { } reading
            ? new Field(FieldKind.Metric, key[..dot], reading, reading.Value == MetricValue.At ? null : key)
            : new Field(FieldKind.Metric, key, MetricReading.Latest);
    }

    private MetricReading? Reading(string word, Token end) => word switch
    {
        "min" => new MetricReading(MetricValue.Min),
        "max" => new MetricReading(MetricValue.Max),
        "best" => new MetricReading(MetricValue.Best),
        "at" when cursor.Current.Kind == TokenKind.Open && cursor.Current.Position == end.After => AtStep(),
        _ => null,
    };

    private MetricReading AtStep()
    {
        cursor.Take();
        var number = cursor.Take();
        if (number.Kind != TokenKind.Number
            || !decimal.TryParse(number.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var step)
            || step < long.MinValue || step > long.MaxValue || decimal.Round(step, 6) != step)
            throw SearchErrors.Clause(cursor.Text, number, "a step: a number of at most six decimals");
        var closing = cursor.Take();
        if (closing.Kind != TokenKind.Close)
            throw SearchErrors.Clause(cursor.Text, closing, "')' after the step");
        var whole = decimal.Floor(step);
        return new MetricReading(MetricValue.At, (long)whole, (long)((step - whole) * MicrosPerStep));
    }

    // MLflow knows the run's name by three names with a space.
    private string WithName(Token start, string name)
    {
        if (!name.Equals("run", StringComparison.OrdinalIgnoreCase) || !cursor.Current.Is("name") || cursor.Current.Position == start.After)
            return name;
        return $"{name} {cursor.Take().Text}";
    }

    private Field Attribute(Token at, string name) => attributes.TryGetValue(name, out var known)
        ? new Field(FieldKind.Attribute, known.Name)
        : throw SearchErrors.At(
            cursor.Text,
            at,
            $"Invalid {attributeWord} key '{SearchErrors.Cut(name)}' specified. Valid keys are '{SearchErrors.Names(attributes.Keys)}'" + SearchErrors.DidYouMean(name, attributes.Keys),
            "one of these names");

    private Baton.Server.Platform.Errors.Refusal Expected(Token at) => at.Kind is TokenKind.Number or TokenKind.Quoted
        ? SearchErrors.Clause(cursor.Text, at, $"a field such as {Example()} on the left: values stand on the right")
        : SearchErrors.Clause(cursor.Text, at, "a field such as " + Example());

    private string Example() => language.Entities.FirstOrDefault(e => e.Value != FieldKind.Attribute).Key is { } entity ? $"{entity}.key" : attributes.Keys.First();
}
