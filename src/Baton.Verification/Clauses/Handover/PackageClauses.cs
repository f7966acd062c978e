using System.Globalization;
using Baton.Contracts;

namespace Baton.Verification.Clauses.Handover;

/// <summary><c>package.size</c>, <c>package.parameters</c>, <c>package.opset</c>: bounds on the package itself.</summary>
internal static class PackageClauses
{
    /// <summary>Measures those that the contract has.</summary>
    public static IEnumerable<ClauseResult> Judge(Contract contract, Package package)
    {
        if (contract.Package is not { } clause)
            yield break;
        if (clause.MaxSize is { } size)
        {
            var found = package.Manifest.Size;
            yield return Of("size", "bytes", found, size, found <= size
                ? $"The package has {Phrases.Size(found)}; {Phrases.Size(size)} are allowed."
                : $"The package has {Phrases.Size(found)}, more than the {Phrases.Size(size)} allowed. Leave out what the model does not need, or make it smaller.");
        }

        if (clause.MaxParameters is { } parameters)
        {
            yield return package.Description is not { } model ? Unread("parameters") : Of("parameters", "learned values", model.Parameters.Total, parameters, model.Parameters.Total <= parameters
                ? $"The model has {Phrases.Number(model.Parameters.Total)} learned values; {Phrases.Number(parameters)} are allowed."
                : $"The model has {Phrases.Number(model.Parameters.Total)} learned values, more than the {Phrases.Number(parameters)} allowed.");
        }

        if (clause.MaxOpset is { } opset)
        {
            yield return package.Description is not { } model ? Unread("opset")
                : model.Opsets.TryGetValue("ai.onnx", out var found) is false
                    ? Of("opset", "", 0, opset, "The model uses no operator of the default operator set.")
                    : Of("opset", "", found, opset, found <= opset
                        ? string.Create(CultureInfo.InvariantCulture, $"The model uses operator set {found}; {opset} is allowed.")
                        : string.Create(CultureInfo.InvariantCulture, $"The model uses operator set {found}, and the contract allows up to {opset}. Export it with target opset {opset}."));
        }

        ClauseResult Unread(string name) => Base(name, Verdict.Fail, package.Fault!);

        ClauseResult Of(string name, string unit, double found, double most, string reason) =>
            Base(name, found <= most ? Verdict.Pass : Verdict.Fail, reason) with { Unit = unit, Measured = found, Bound = new Bound(Max: most) };

        ClauseResult Base(string name, Verdict verdict, string reason) =>
            Found.Unmeasured($"package.{name}", Found.Demand(contract, $"package.{name}"), EvidenceLevel.Extracted, verdict, reason);
    }
}
