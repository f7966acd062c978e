namespace Baton.Contracts.Reports;

/// <summary>Costs of errors in words, and what a confusion matrix costs.</summary>
internal static class CostWords
{
    /// <summary>E.g. <c>false positive 1 EUR, false negative 5 EUR</c>.</summary>
    public static string Of(ErrorCosts costs)
    {
        (string Name, double? Cost)[] all =
        [
            ("false positive", costs.FalsePositive), ("false negative", costs.FalseNegative), ("true positive", costs.TruePositive),
            ("true negative", costs.TrueNegative), ("each unit off", costs.PerUnit),
        ];
        return string.Join(", ", all.Where(c => c.Cost is not null).Select(c => $"{c.Name} {Written(c.Cost!.Value, costs)}"));
    }

    /// <summary>Cost of one row in a cell of <see cref="SeriesNames.Cells"/>; 0 where the contract names none.</summary>
    public static double Of(ErrorCosts costs, string cell) => cell switch
    {
        "true_negative" => costs.TrueNegative ?? 0,
        "false_positive" => costs.FalsePositive ?? 0,
        "false_negative" => costs.FalseNegative ?? 0,
        _ => costs.TruePositive ?? 0,
    };

    /// <summary>An amount with its currency.</summary>
    public static string Written(double amount, ErrorCosts costs) => $"{Wording.Number(amount)}{(costs.Currency is { Length: > 0 } currency ? " " + currency : "")}";
}
