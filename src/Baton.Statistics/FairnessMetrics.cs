namespace Baton.Statistics;

/// <summary>
/// How differently a binary classifier treats the values of a sensitive column: Fairlearn's definitions, between the extreme groups. Where Fairlearn takes
/// a rate of no rows for 0, here there is no value and a reason.
/// </summary>
internal static class FairnessMetrics
{
    private const int Slots = 4;

    public static IReadOnlyList<Metric> All { get; } =
    [
        ByGroup("demographic_parity_difference", g => Spread(Rates(g, Selected))),
        ByGroup("demographic_parity_ratio", g => Rates(g, Selected) is var rates && rates.Max() == 0
            ? MetricValue.Undefined("no row is predicted positive; a ratio of rates needs one")
            : MetricValue.Of(rates.Min() / rates.Max())),
        ByGroup("equalized_odds_difference", g => OneClass(g, of: 0) ?? OneClass(g, of: 1)
            ?? MetricValue.Of(Math.Max(Spread(Rates(g, Found)).Value!.Value, Spread(Rates(g, Alarmed)).Value!.Value))),
        ByGroup("equal_opportunity_difference", g => OneClass(g, of: 1) ?? Spread(Rates(g, Found))),
    ];

    /// <summary>Slots of each value of the column: true positives, false positives, positives, negatives.</summary>
    private static SumMetric ByGroup(string name, Func<double[][], MetricValue> finish) => new(
        name, o => 1 + (Slots * o.SensitiveValues), o => o.HasLabels ? BinaryMetrics.RefuseBinaryClasses(o) : BinaryMetrics.RefusePredictions(o), o =>
        {
            var (labels, classes, groups) = (o.LabelArray, o.ClassArray(), o.SensitiveOfRow!);
            return (row, terms) =>
            {
                var slot = 1 + (Slots * groups[row]);
                var negative = labels[row] == 1 ? 0 : 1;
                terms[slot + negative] = classes[row];
                terms[slot + 2 + negative] = 1;
            };
        }, sums =>
        {
            var groups = new List<double[]>();
            for (var slot = 1; slot < sums.Length; slot += Slots)
            {
                if (sums[slot + 2] + sums[slot + 3] > 0)
                    groups.Add([.. sums.Slice(slot, Slots)]);
            }

            return groups.Count < 2 ? MetricValue.Undefined("the sensitive column has one value; a difference needs two") : finish([.. groups]);
        });

    private static double Selected(double[] group) => (group[0] + group[1]) / (group[2] + group[3]);

    private static double Found(double[] group) => group[0] / group[2];

    private static double Alarmed(double[] group) => group[1] / group[3];

    private static double[] Rates(double[][] groups, Converter<double[], double> rate) => Array.ConvertAll(groups, rate);

    private static MetricValue Spread(double[] rates) => MetricValue.Of(rates.Max() - rates.Min());

    private static MetricValue? OneClass(double[][] groups, int of) => Array.Exists(groups, group => group[of == 1 ? 2 : 3] == 0)
        ? MetricValue.Undefined($"a value of the sensitive column has no row of label {of}; its rate needs one")
        : null;
}
