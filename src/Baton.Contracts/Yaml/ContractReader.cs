namespace Baton.Contracts.Yaml;

/// <summary>Turns the tree of a document into a contract: the document itself, and the clauses but for metrics.</summary>
internal sealed partial class ContractReader(ProblemLog log)
{
    private static readonly string[] ClauseNames = ["reproduces", "metrics", "latency", "memory"];

    /// <summary>The contract, as far as it could be read; it counts only where the log stayed empty.</summary>
    public Contract Read(MappingNode document)
    {
        var root = Fields.Root(document, log);
        root.Allow("model", "purpose", "owners", "clauses");
        var contract = new Contract
        {
            Model = Model(root),
            Purpose = root.Text("purpose", longest: 4000, lines: true),
            Owners = Owners(root.Open("owners", "{model: data-science, service: platform}")),
        };

        if (root.Find("clauses") is not { } entry)
            root.Missing("clauses", "clauses are missing; write 'clauses:' and below it at least one of " + string.Join(", ", ClauseNames));
        else if (entry.Value is ScalarNode { IsNull: true } or MappingNode { Entries.Count: 0 })
            root.Fault("clauses", "no clause is demanded; write at least one of " + string.Join(", ", ClauseNames));
        else if (root.Open(entry, "{memory: {peak: {max: 256 MiB}}}") is { } clauses)
            return Clauses(contract, clauses);
        return contract;
    }

    private static string Model(Fields root)
    {
        if (root.Find("model") is null)
            root.Missing("model", "model is missing; write 'model:' and the name of the registered model");
        var name = root.Text("model", longest: 250) ?? "";
        if (name.AsSpan().IndexOfAny('/', ':') >= 0)
            root.Fault("model", $"'{Quantities.Excerpt(name)}' holds '/' or ':', which no registered model's name may");
        return name;
    }

    private static ContractOwners? Owners(Fields? owners)
    {
        if (owners is null)
            return null;
        owners.Allow("model", "service");
        var sides = new ContractOwners(owners.Text("model", longest: 250), owners.Text("service", longest: 250));
        return sides is { Model: null, Service: null } ? null : sides;
    }

    private static Contract Clauses(Contract contract, Fields clauses)
    {
        clauses.Allow(ClauseNames);
        return contract with
        {
            Reproduces = Reproduces(clauses.Open("reproduces", "{within: 0.0001, rows: {min: 99.5 %}}")),
            Metrics = Metrics(clauses.Open("metrics", "{roc_auc: {min: 0.60}}")),
            Latency = Latency(clauses.Open("latency", "{p95: {max: 25 ms}, load: 20 requests/s}")),
            Memory = Memory(clauses.Open("memory", "{peak: {max: 256 MiB}}")),
        };
    }

    private static ReproducesClause? Reproduces(Fields? clause)
    {
        if (clause is null)
            return null;
        clause.Allow("within", "rows");
        var rows = clause.Open("rows", "{min: 99.5 %}");
        rows?.Allow("min");
        var defaults = new ReproducesClause();
        return new ReproducesClause
        {
            Within = clause.Read("within", Quantities.Number, v => v < 0 ? $"{Quantities.Format(v)} is below 0; a difference is 0 or more" : null)
                ?? defaults.Within,
            MinShare = rows?.Read("min", Quantities.Share, v => v is < 0 or > 1 ? "a share of rows lies between 0 % and 100 %" : null)
                ?? defaults.MinShare,
        };
    }

    private static LatencyClause? Latency(Fields? clause)
    {
        if (clause is null)
            return null;

        string[] known = ["p95", "load", "rows"];
        var percentiles = clause.Entries.Where(e => e.Key is ['p', >= '0' and <= '9', ..]).ToList();
        foreach (var entry in clause.Entries.Except(percentiles).Where(e => e.Key is not ("load" or "rows")))
            clause.Unknown(entry, "field", Spelling.Nearest(entry.Key, known), known);

        var load = clause.Read("load", Quantities.Rate, v => v is <= 0 or > 1_000_000 ? "a load is above 0 and at most 1000000 requests/s" : null);
        var rows = clause.Read("rows", Quantities.Count, v => v is < 1 or > 1_000_000 ? "a request has 1 to 1000000 rows" : null);
        if (percentiles.Count == 0)
        {
            clause.Missing("p95", "clauses.latency names no percentile; write e.g. 'p95: {max: 25 ms}'");
            return null;
        }

        foreach (var second in percentiles.Skip(1))
            clause.Fault(second.Key, $"a second percentile after {percentiles[0].Key}; a contract bounds one: keep the one that matters");

        var key = percentiles[0].Key;
        var percentile = Quantities.Number(key[1..]).Value;
        if (percentile is not (> 0 and < 100) || Quantities.FormatPercentile(percentile.Value) != key)
        {
            clause.Fault(key, $"'{Quantities.Excerpt(key)}' is no percentile; write one above p0 and below p100, e.g. p95 or p99.9");
            return null;
        }

        var bound = clause.Open(percentiles[0], "{max: 25 ms}");
        bound?.Allow("max");
        if (bound is not null && bound.Find("max") is null)
            bound.Missing("max", $"{bound.Path} has no bound; write e.g. '{key}: {{max: 25 ms}}'");
        var max = bound?.Read("max", Quantities.Duration, v => v <= TimeSpan.Zero ? "a latency is above 0" : null);
        var clauseRead = new LatencyClause { Percentile = percentile.Value, Max = max ?? TimeSpan.Zero };
        return clauseRead with { RequestsPerSecond = load ?? clauseRead.RequestsPerSecond, RowsPerRequest = rows ?? clauseRead.RowsPerRequest };
    }

    private static MemoryClause? Memory(Fields? clause)
    {
        if (clause is null)
            return null;
        clause.Allow("peak");
        if (clause.Find("peak") is null)
        {
            clause.Missing("peak", "clauses.memory has no bound; write e.g. 'peak: {max: 256 MiB}'");
            return null;
        }

        var peak = clause.Open("peak", "{max: 256 MiB}");
        peak?.Allow("max");
        if (peak is not null && peak.Find("max") is null)
            peak.Missing("max", $"{peak.Path} has no bound; write e.g. 'peak: {{max: 256 MiB}}'");
        return peak?.Read("max", Quantities.Size, v => v <= 0 ? "a size is above 0" : null) is { } max ? new MemoryClause(max) : null;
    }
}
