using Baton.Contracts.Language;

namespace Baton.Contracts;

/// <summary>What a clause demands, in one short phrase for people.</summary>
public static class Demands
{
    /// <summary>Every clause of a contract with its demand, in the contract's order: <c>metrics.roc_auc</c>, <c>at least 0.60 …</c>.</summary>
    public static IEnumerable<(string Clause, string Demand)> Of(Contract contract) =>
        ContractUnit.Of(contract).Select(unit => (unit.Path["clauses.".Length..], unit.Demand));

    /// <summary>E.g. <c>at least 99.5 % of rows within 0.0001</c>.</summary>
    public static string Of(ReproducesClause clause) =>
        (clause.MinShare == 1 ? "all rows" : $"at least {Quantities.FormatShare(clause.MinShare)} of rows") + $" within {Quantities.Format(clause.Within)}"
        + (clause.Relative is { } relative ? $" + {Quantities.Format(relative)} × the score" : "")
        + (clause.Error is { } error ? $"; {Quantities.FormatPercentile(error.Percentile)} of the differences at most {Quantities.Format(error.Max)}" : "")
        + (clause.TopK is { } top ? $"; the best {(top.K == 1 ? "class" : $"{top.K} classes")} the same in {(top.MinShare == 1 ? "all rows" : $"at least {Quantities.FormatShare(top.MinShare)} of rows")}" : "");

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
        string?[] compared =
        [
            clause.AgainstProduction is { } production ? Of(production) : null,
            clause.AgainstClaimed is { } claimed ? Of(claimed, "the claim") : null,
            clause.AgainstBaseline is { } baseline ? Of(new Bound(baseline.Min, baseline.Max), baseline.Predictor is null ? "a trivial predictor" : $"always predicting the {baseline.Predictor}") : null,
            .. clause.Slices.Select(s => $"by {s.Column}: {Of(s)}"),
        ];
        var others = string.Join("; ", compared.OfType<string>());
        return phrase.Length == 0 ? others + interval : phrase + interval + (others.Length == 0 ? "" : "; " + others);
    }

    /// <summary>A bound on candidate minus production, e.g. <c>not more than 0.005 below production</c>.</summary>
    /// <param name="againstProduction">The bound.</param>
    /// <param name="other">What it is compared with.</param>
    public static string Of(Bound againstProduction, string other = "production")
    {
        string?[] ends =
        [
            againstProduction.Min switch
            {
                null => null,
                0 => $"not below {other}",
                < 0 and var min => $"not more than {Quantities.Format(-min)} below {other}",
                var min => $"at least {Quantities.Format(min.Value)} above {other}",
            },
            againstProduction.Max switch
            {
                null => null,
                0 => $"not above {other}",
                > 0 and var max => $"not more than {Quantities.Format(max)} above {other}",
                var max => $"at least {Quantities.Format(-max.Value)} below {other}",
            },
        ];
        return string.Join(" and ", ends.OfType<string>());
    }

    /// <summary>E.g. <c>p95 at most 25 ms at 20 requests/s</c>.</summary>
    public static string Of(LatencyClause clause) =>
        $"{Quantities.FormatPercentile(clause.Percentile)} at most {Quantities.Format(clause.Max)}"
        + $" at {Quantities.Format(clause.RequestsPerSecond)} requests/s"
        + (clause.RowsPerRequest == 1 ? "" : $" of {clause.RowsPerRequest} rows");

    /// <summary>E.g. <c>at least 0.55 and no more than 0.05 worse than all rows, in every slice of 100 rows and more</c>.</summary>
    public static string Of(SliceClause clause)
    {
        string?[] demands =
        [
            clause.Min is { } min ? $"at least {Quantities.Format(min)}" : null,
            clause.Max is { } max ? $"at most {Quantities.Format(max)}" : null,
            clause.MaxGap is { } gap ? $"not more than {Quantities.Format(gap)} worse than all rows" : null,
        ];
        return $"{string.Join(" and ", demands.OfType<string>())}, in every slice of at least {clause.MinRows} rows";
    }

    /// <summary>The phrase of the clause at a path that has one of its own; null for the others.</summary>
    internal static string? Of(Contract contract, string path) => path switch
    {
        "reproduces" => Of(contract.Reproduces!),
        "latency" => Of(contract.Latency!),
        "memory" => Of(contract.Memory!),
        _ when path.StartsWith("metrics.", StringComparison.Ordinal) && contract.Metrics.FirstOrDefault(m => path == $"metrics.{m.Metric}") is { } metric => Of(metric),
        _ => null,
    };

    /// <summary>A phrase made of the values alone: <c>noise.level 5 %; noise.drop at most 0.01</c>.</summary>
    internal static string Of(IEnumerable<Term> terms) => string.Join("; ", terms.Where(t => t.Text is not null).Select(t =>
        t.Path == "min" ? $"at least {t.Text}"
        : t.Path == "max" ? $"at most {t.Text}"
        : t.Path.EndsWith(".min", StringComparison.Ordinal) ? $"{t.Path[..^4]} at least {t.Text}"
        : t.Path.EndsWith(".max", StringComparison.Ordinal) ? $"{t.Path[..^4]} at most {t.Text}"
        : $"{t.Path} {t.Text}"));

    /// <summary>E.g. <c>peak at most 256 MiB</c>.</summary>
    public static string Of(MemoryClause clause) => $"peak at most {Quantities.FormatSize(clause.MaxBytes)}";
}
