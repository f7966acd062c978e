using Baton.Contracts.Yaml;

namespace Baton.Contracts.Language;

/// <summary>The shape of a whole contract; its clauses have files of their own.</summary>
internal static class ContractShape
{
    private static readonly Shape<ContractOwners> Owners = new(
        () => new ContractOwners(null, null),
        new TextField<ContractOwners>("model", o => o.Model, (o, v) => o with { Model = v }, "Who answers for the model (data science).", direction: Tighter.Words),
        new TextField<ContractOwners>("service", o => o.Service, (o, v) => o with { Service = v }, "Who answers for the service (engineering).", direction: Tighter.Words));

    private static readonly Shape<ErrorCosts> Costs = new(
        () => new ErrorCosts(),
        Cost("false_positive", c => c.FalsePositive, (c, v) => c with { FalsePositive = v }, "Cost of a row called positive that is negative."),
        Cost("false_negative", c => c.FalseNegative, (c, v) => c with { FalseNegative = v }, "Cost of a row called negative that is positive."),
        Cost("true_positive", c => c.TruePositive, (c, v) => c with { TruePositive = v }, "Cost of a row rightly called positive; below 0 for a gain."),
        Cost("true_negative", c => c.TrueNegative, (c, v) => c with { TrueNegative = v }, "Cost of a row rightly called negative; below 0 for a gain."),
        Cost("per_unit", c => c.PerUnit, (c, v) => c with { PerUnit = v }, "Cost of being off by one unit, where the prediction is a number."),
        new TextField<ErrorCosts>("currency", c => c.Currency, (c, v) => c with { Currency = v }, "What costs are counted in, e.g. EUR.", longest: 20, direction: Tighter.Words))
    {
        OneLine = true,
        Check = (at, costs) =>
        {
            if (at.Entries.Count == 0)
                at.Missing("false_positive", $"{at.Path} names no cost; write e.g. 'costs: {{false_positive: 1, false_negative: 5}}'");
            else if (costs.PerUnit is not null && (costs.FalsePositive ?? costs.FalseNegative ?? costs.TruePositive ?? costs.TrueNegative) is not null)
                at.Fault("per_unit", "a prediction is a class or a number; keep the cells of the confusion matrix or the cost per unit");
        },
    };

    /// <summary>The fields before the clauses.</summary>
    public static IReadOnlyList<Field<Contract>> Words { get; } =
    [
        new TextField<Contract>("model", c => c.Model, (c, v) => c with { Model = v }, "Name of the registered model.") { Required = true },
        new ValueField<Contract>("task", Kind.Word([.. Contract.Tasks]), c => c.Task, (c, v) => c with { Task = (string)v }, Tighter.Neither, "What kind of problem it is."),
        new TextField<Contract>("purpose", c => c.Purpose, (c, v) => c with { Purpose = v }, "What a prediction is used for.", longest: 4000, lines: true, direction: Tighter.Words),
        new TextField<Contract>("decision", c => c.Decision, (c, v) => c with { Decision = v }, "The decision taken on a prediction.", longest: 4000, lines: true, direction: Tighter.Words),
        new PartField<Contract, ErrorCosts>("costs", Costs, c => c.Costs, (c, v) => c with { Costs = v }, "{false_positive: 1, false_negative: 5}", "What each error costs."),
        new PartField<Contract, ContractOwners>("owners", Owners, c => c.Owners, (c, v) => c with { Owners = v is { Model: null, Service: null } ? null : v }, "{model: data-science, service: platform}", "Who answers for what."),
    ];

    /// <summary>The clauses, in the order of a contract.</summary>
    public static Shape<Contract> Clauses { get; } = new(
        () => throw new InvalidOperationException("Clauses are read into the contract that has its words already."),
        new PartField<Contract, ReproducesClause>("reproduces", ModelShapes.Reproduces, c => c.Reproduces, (c, v) => c with { Reproduces = v }, "{within: 0.0001, rows: {min: 99.5 %}}", "Loaded from the package alone, the model gives the numbers its author saw."),
        ModelShapes.Metrics,
        ModelShapes.Fairness,
        new PartField<Contract, DataClause>("data", DataShapes.Data, c => c.Data, (c, v) => c with { Data = v }, "{key: id}", "What the data must be like."),
        new PartField<Contract, RobustnessClause>("robustness", DataShapes.Robustness, c => c.Robustness, (c, v) => c with { Robustness = v }, "{batch: {within: 0.000001}}", "What the model must bear."),
        ModelShapes.Checks,
        new PartField<Contract, LatencyClause>("latency", ServiceShapes.Latency, c => c.Latency, (c, v) => c with { Latency = v }, "{p95: {max: 25 ms}, load: 20 requests/s}", "A percentile of the latency, on whatever machine the agent has."),
        new PartField<Contract, MemoryClause>("memory", ServiceShapes.Memory, c => c.Memory, (c, v) => c with { Memory = v }, "{peak: {max: 256 MiB}}", "Peak memory above an empty process."),
        ServiceShapes.Hardware,
        new PartField<Contract, PackageClause>("package", HandoverShapes.Package, c => c.Package, (c, v) => c with { Package = v }, "{size: {max: 50 MiB}}", "Bounds on the package itself."),
        new PartField<Contract, ProvenanceClause>("provenance", HandoverShapes.Provenance, c => c.Provenance, (c, v) => c with { Provenance = v }, "{require: [commit, clean_tree]}", "What must be known of the model's making."),
        new PartField<Contract, SecurityClause>("security", HandoverShapes.Security, c => c.Security, (c, v) => c with { Security = v }, "{pickle: forbidden}", "Pickles and signature."),
        new PartField<Contract, OperationsTerms>("operations", HandoverShapes.Operations, c => c.Operations, (c, v) => c with { Operations = v }, "{staleness: {max: 90 d}}", "How the model is run once it is accepted: kept and shown."));

    /// <summary>Names of the clauses.</summary>
    public static IReadOnlyList<string> ClauseNames { get; } = [.. Clauses.Fields.Select(f => f.Name)];

    /// <summary>Reads a document; the contract counts only where the log stayed empty.</summary>
    public static Contract Read(MappingNode document, ProblemLog log)
    {
        var root = Fields.Root(document, log);
        IReadOnlyList<string> known = [.. Words.Select(w => w.Name), "clauses"];
        root.Allow(known.Contains, known);
        if (root.Find("model") is null)
            root.Missing("model", "model is missing; write 'model:' and the name of the registered model");
        var contract = Words.Aggregate(new Contract { Model = "" }, (read, field) => field.Read(root, read));
        if (contract.Model.AsSpan().IndexOfAny('/', ':') >= 0)
            root.Fault("model", $"'{Quantities.Excerpt(contract.Model)}' holds '/' or ':', which no registered model's name may");

        var names = string.Join(", ", ClauseNames);
        if (root.Find("clauses") is not { } entry)
            root.Missing("clauses", "clauses are missing; write 'clauses:' and below it at least one of " + names);
        else if (entry.Value is ScalarNode { IsNull: true } or MappingNode { Entries.Count: 0 })
            root.Fault("clauses", "no clause is demanded; write at least one of " + names);
        else if (root.Open(entry, "{memory: {peak: {max: 256 MiB}}}") is { } clauses)
            return Clauses.Read(clauses, contract);
        return contract;
    }

    private static ValueField<ErrorCosts> Cost(string name, Func<ErrorCosts, double?> get, Func<ErrorCosts, double, ErrorCosts> set, string about) =>
        new(name, Kind.Number, c => get(c), (c, v) => set(c, (double)v), Tighter.Words, about);
}
