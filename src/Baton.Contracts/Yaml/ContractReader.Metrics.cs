namespace Baton.Contracts.Yaml;

/// <summary>The clauses on metrics.</summary>
internal sealed partial class ContractReader
{
    private static List<MetricClause> Metrics(Fields? metrics)
    {
        if (metrics is null)
            return [];
        if (metrics.Entries.Count == 0)
            metrics.Missing("", "clauses.metrics names no metric; write e.g. 'roc_auc: {min: 0.60}', or leave the clause out");

        var clauses = new List<MetricClause>();
        foreach (var entry in metrics.Entries)
        {
            if (MetricNames.Find(entry.Key) is { } metric)
            {
                if (metrics.Open(entry, metric.GreaterIsBetter ? "{min: 0.60}" : "{max: 0.20}") is { } fields)
                    clauses.Add(Metric(metric, fields));
            }
            else
                metrics.Unknown(entry, "metric", MetricNames.Suggest(entry.Key), MetricNames.Written);
        }

        return clauses;
    }

    private static MetricClause Metric(MetricName metric, Fields fields)
    {
        fields.Allow("min", "max", "confidence", "group_by", "against_production");
        if (fields.Find("min") is null && fields.Find("max") is null && fields.Find("against_production") is null)
        {
            var usual = metric.GreaterIsBetter ? "min" : "max";
            fields.Missing(usual, $"{fields.Path} demands nothing; write at least one of min, max, against_production");
        }

        var (min, max) = Bounds(fields, v => v < metric.Lowest || v > metric.Highest ? $"{Quantities.Format(v)} is no value of {Span(metric)}" : null);
        var clause = new MetricClause { Metric = metric.Name };
        return clause with
        {
            Min = min,
            Max = max,
            Confidence = fields.Read("confidence", Quantities.Share, v => v is < 0.5 or > 0.999 ? "a confidence lies between 50 % and 99.9 %" : null)
                ?? clause.Confidence,
            GroupBy = fields.Text("group_by", longest: 250),
            AgainstProduction = AgainstProduction(metric, fields),
        };
    }

    private static Bound? AgainstProduction(MetricName metric, Fields fields)
    {
        var example = metric.GreaterIsBetter ? "{min: -0.005}" : "{max: 0.005}";
        if (fields.Open("against_production", example) is not { } production)
            return null;
        production.Allow("min", "max");
        if (production.Find("min") is null && production.Find("max") is null)
            production.Missing(metric.GreaterIsBetter ? "min" : "max", $"{production.Path} has no bound; write e.g. 'against_production: {example}'");

        var widest = metric.Highest - metric.Lowest;
        var (min, max) = Bounds(production, v => Math.Abs(v) > widest ? $"{Quantities.Format(v)} is no difference of {Span(metric)}" : null);
        return new Bound(min, max);
    }

    private static (double? Min, double? Max) Bounds(Fields fields, Func<double, string?> refuse)
    {
        var min = fields.Read("min", Quantities.Number, refuse);
        var max = fields.Read("max", Quantities.Number, refuse);
        if (min > max)
            fields.Fault("min", $"min {Quantities.Format(min.Value)} is above max {Quantities.Format(max.Value)}; no value can be both");
        return (min, max);
    }

    private static string Span(MetricName metric) => $"{metric.Name}, which " +
        (double.IsFinite(metric.Lowest), double.IsFinite(metric.Highest)) switch
        {
            (true, true) => $"lies between {Quantities.Format(metric.Lowest)} and {Quantities.Format(metric.Highest)}",
            (true, false) => $"is {Quantities.Format(metric.Lowest)} or more",
            _ => $"is {Quantities.Format(metric.Highest)} or less",
        };
}
