namespace Baton.Contracts.Language;

/// <summary>A clause with its values: what comes and goes as a whole.</summary>
/// <param name="Path">Its path, <c>clauses.metrics.roc_auc</c>.</param>
/// <param name="Demand">What it demands, for people.</param>
/// <param name="Terms">Its values, with paths below its own.</param>
internal sealed record ContractUnit(string Path, string Demand, IReadOnlyList<Term> Terms)
{
    /// <summary>The clauses of a contract, in its order.</summary>
    public static IEnumerable<ContractUnit> Of(Contract contract) => ContractShape.Clauses.Fields
        .SelectMany(field => field.Units(contract))
        .Select(unit => (unit.Path, Terms: unit.Terms.ToList()))
        .Select(unit => new ContractUnit($"clauses.{unit.Path}", Demands.Of(contract, unit.Path) ?? Demands.Of(unit.Terms), unit.Terms));
}
