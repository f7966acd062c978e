namespace Baton.Contracts;

/// <summary>What a clause demands, in one short phrase for people.</summary>
public static class Demands
{
    /// <summary>E.g. <c>at least 99.5 % of rows within 0.0001</c>.</summary>
    public static string Of(ReproducesClause clause) =>
        (clause.MinShare == 1 ? "all rows" : $"at least {Quantities.FormatShare(clause.MinShare)} of rows") + $" within {Quantities.Format(clause.Within)}";

    /// <summary>E.g. <c>at least 0.60 (95 % interval by date); not more than 0.005 below production</c>.</summary>
    public static string Of(MetricClause clause)
    {
        var interval = $" ({Quantities.FormatShare(clause.Confidence)} interval by {clause.GroupBy ?? "row"})";
        string?[] absolute =
        [
            clause.Min is { } min ? $"at least {Quantities.Format(min)}" : null,
            clause.Max is { } max ? $"at most {Quantities.Format(max)}" : null,
        ];
        var phrase = string.Join(" and ", absolute.OfType<string>());
        var production = clause.AgainstProduction is { } bound ? Of(bound) : "";
        return phrase.Length == 0 ? production + interval : phrase + interval + (production.Length == 0 ? "" : "; " + production);
    }

    /// <summary>A bound on candidate minus production, e.g. <c>not more than 0.005 below production</c>.</summary>
    public static string Of(Bound againstProduction)
    {
        string?[] ends =
        [
            againstProduction.Min switch
            {
                null => null,
                0 => "not below production",
                < 0 and var min => $"not more than {Quantities.Format(-min)} below production",
                var min => $"at least {Quantities.Format(min.Value)} above production",
            },
            againstProduction.Max switch
            {
                null => null,
                0 => "not above production",
                > 0 and var max => $"not more than {Quantities.Format(max)} above production",
                var max => $"at least {Quantities.Format(-max.Value)} below production",
            },
        ];
        return string.Join(" and ", ends.OfType<string>());
    }

    /// <summary>E.g. <c>p95 at most 25 ms at 20 requests/s</c>.</summary>
    public static string Of(LatencyClause clause) =>
        $"{Quantities.FormatPercentile(clause.Percentile)} at most {Quantities.Format(clause.Max)}"
        + $" at {Quantities.Format(clause.RequestsPerSecond)} requests/s"
        + (clause.RowsPerRequest == 1 ? "" : $" of {clause.RowsPerRequest} rows");

    /// <summary>E.g. <c>peak at most 256 MiB</c>.</summary>
    public static string Of(MemoryClause clause) => $"peak at most {Quantities.FormatSize(clause.MaxBytes)}";
}
