using System.Text.Json.Nodes;
using Baton.Contracts.Yaml;

namespace Baton.Contracts.Language;

/// <summary>Bounds on percentiles, each a field of its own: <c>p95: {max: 25 ms}</c>.</summary>
/// <param name="kind">Kind of the bounded value.</param>
/// <param name="example">A value, for messages.</param>
/// <param name="get">The bounds: percentile, above 0 and below 100, and greatest value.</param>
/// <param name="set">The owner with these bounds.</param>
/// <param name="about">What they say.</param>
internal sealed class PercentileFields<T>(
    Kind kind, string example, Func<T, IReadOnlyList<(double Percentile, object Max)>> get, Func<T, IReadOnlyList<(double Percentile, object Max)>, T> set, string about)
    : Field<T>("p95", about)
{
    /// <summary>Whether only one may stand there.</summary>
    public bool Single { get; init; }

    /// <summary>What is wrong with a value that reads well; null where nothing is.</summary>
    public Func<object, string?>? Refuse { get; init; }

    public override bool Takes(string key) => key is ['p', >= '0' and <= '9', ..];

    public override T Read(Fields at, T owner)
    {
        var bounds = new List<(double, object)>();
        string? first = null;
        foreach (var entry in at.Entries.Where(e => Takes(e.Key)))
        {
            if (Single && first is not null)
            {
                at.Fault(entry.Key, $"a second percentile after {first}; a contract bounds one: keep the one that matters");
                continue;
            }

            first ??= entry.Key;
            var percentile = Quantities.Number(entry.Key[1..]).Value;
            if (percentile is not (> 0 and < 100) || Quantities.FormatPercentile(percentile.Value) != entry.Key)
            {
                at.Fault(entry.Key, $"'{Quantities.Excerpt(entry.Key)}' is no percentile; write one above p0 and below p100, e.g. p95 or p99.9");
                continue;
            }

            if (at.Open(entry, $"{{max: {example}}}") is not { } bound)
                continue;
            bound.Allow(key => key == "max", ["max"]);
            if (bound.Find("max") is null)
                bound.Missing("max", $"{bound.Path} has no bound; write e.g. '{entry.Key}: {{max: {example}}}'");
            else if (bound.Read("max", kind, Refuse) is { } max)
                bounds.Add((percentile.Value, max));
        }

        return bounds.Count == 0 ? owner : set(owner, [.. bounds.OrderBy(b => b.Item1)]);
    }

    public override IEnumerable<Term> Terms(T owner) => Single
        ? get(owner).SelectMany(b => (Term[])
            [new("percentile", b.Percentile, Quantities.FormatPercentile(b.Percentile), Kind.Number.Canon(b.Percentile), Tighter.Higher), Max("max", b.Max)])
        : get(owner).Select(b => Max($"{Quantities.FormatPercentile(b.Percentile)}.max", b.Max));

    public override IEnumerable<(string Name, Written Value)> Write(T owner) => get(owner).Select(b =>
        (Quantities.FormatPercentile(b.Percentile), (Written)new Written.Map(OneLine: true, [("max", new Written.Ready(kind.Write(b.Max)))])));

    public override IEnumerable<(string Name, JsonObject Schema, bool IsPattern)> Schemas() => [(@"^p[0-9]{1,2}(\.[0-9]+)?$", Described(Schema()), true)];

    protected override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject { ["max"] = kind.Schema.DeepClone() },
        ["required"] = new JsonArray("max"),
    };

    private Term Max(string path, object max) => new(path, max, kind.Write(max), kind.Canon(max), Tighter.Lower);
}
