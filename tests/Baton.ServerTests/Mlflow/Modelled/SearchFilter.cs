using CsCheck;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>A filter as text, and what it means.</summary>
internal sealed record SearchFilter(string Text, Func<ModelRun, bool> Matches)
{
    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "c/d");
    private static readonly Gen<string> Value = Gen.OneOf("1", "2", "One", "");

    private static readonly Gen<SearchFilter> Metric = Gen.Select(Key, Gen.OneOf("=", "!=", "<", "<=", ">", ">="), Gen.OneOf("-1", "0", "0.5", "2.5"), (key, op, number) =>
    {
        var than = double.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        return new SearchFilter($"metrics.{Quoted(key)} {op} {number}", run => run.Latest.TryGetValue(key, out var point) && !double.IsNaN(point.Value) && op switch
        {
            "=" => point.Value == than,
            "!=" => point.Value != than,
            "<" => point.Value < than,
            "<=" => point.Value <= than,
            ">" => point.Value > than,
            _ => point.Value >= than,
        });
    });

    private static readonly Gen<SearchFilter> Text1 = Gen.Select(Gen.OneOf("params", "tags"), Key, Gen.OneOf("=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"), Value, (entity, key, op, value) =>
    {
        string? Of(ModelRun run) => (entity == "params" ? run.Params : run.Tags).GetValueOrDefault(key);
        var text = $"{entity}.{Quoted(key)} {op}";
        return op switch
        {
            "IS NULL" => new SearchFilter(text, run => Of(run) is null),
            "IS NOT NULL" => new SearchFilter(text, run => Of(run) is not null),
            "=" => new SearchFilter($"{text} '{value}'", run => Of(run) == value),
            "!=" => new SearchFilter($"{text} '{value}'", run => Of(run) is { } has && has != value),
            "LIKE" => new SearchFilter($"{text} '%{value}%'", run => Of(run)?.Contains(value, StringComparison.Ordinal) is true),
            _ => new SearchFilter($"{text} '{value.ToLowerInvariant()}%'", run => Of(run)?.StartsWith(value, StringComparison.OrdinalIgnoreCase) is true),
        };
    });

    private static readonly Gen<SearchFilter> Attribute = Gen.OneOf(
        Gen.OneOf("RUNNING", "FINISHED").Select(status => new SearchFilter($"status = '{status}'", run => run.Status == status)),
        Gen.OneOf("RUNNING", "FINISHED").Select(status => new SearchFilter($"attributes.status != '{status}'", run => run.Status != status)),
        Gen.Int[1000, 1101].Select(time => new SearchFilter($"attributes.start_time >= {time}", run => run.Start >= time)),
        Gen.OneOf("r", "s").Select(name => new SearchFilter($"attributes.run_name LIKE '{name}%'", run => run.Tags.GetValueOrDefault("mlflow.runName")?.StartsWith(name, StringComparison.Ordinal) is true)));

    private static readonly Gen<SearchFilter> Single = Gen.OneOf(Metric, Metric, Text1, Text1, Attribute);

    public static Gen<SearchFilter> Any { get; } = Gen.OneOf(
        Single,
        Gen.Select(Single, Single, (one, two) => new SearchFilter($"{one.Text} AND {two.Text}", run => one.Matches(run) && two.Matches(run))),
        Gen.Select(Single, Single, Single, (one, two, three) => new SearchFilter($"{one.Text} OR {two.Text} AND {three.Text}", run => one.Matches(run) || (two.Matches(run) && three.Matches(run)))),
        Gen.Select(Single, Single, (one, two) => new SearchFilter($"NOT ({one.Text} or {two.Text})", run => !one.Matches(run) && !two.Matches(run))),
        Gen.Select(Single, Single, (one, two) => new SearchFilter($"({one.Text}) AND NOT {two.Text}", run => one.Matches(run) && !two.Matches(run))));

    private static string Quoted(string key) => key.Contains('/', StringComparison.Ordinal) ? $"`{key}`" : key;
}
