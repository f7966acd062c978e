namespace Baton.Contracts.Language;

/// <summary>Shapes of the clauses on data and robustness.</summary>
internal static class DataShapes
{
    private static readonly Shape<HoldoutClause> Holdout = new(
        () => new HoldoutClause { Name = "" },
        new TextField<HoldoutClause>("name", h => h.Name, (h, v) => h with { Name = v }, "Name that the dataset was uploaded under.") { Required = true },
        new ValueField<HoldoutClause>("max_uses", Kind.Count, h => h.MaxUses, (h, v) => h with { MaxUses = (int)v }, Tighter.Lower, "How often it may be used before it counts as known.") { Refuse = Bounds.Above0("a number of uses") })
    {
        OneLine = true,
        Check = (at, _) =>
        {
            if (at.Find("name") is null)
                at.Missing("name", $"{at.Path} names no dataset; write e.g. 'holdout: {{name: june}}'");
        },
    };

    public static Shape<DataClause> Data { get; } = new(
        () => new DataClause(),
        Bounds.AtLeast<DataClause>("rows", Kind.Count, d => d.MinRows, (d, v) => d with { MinRows = (int)v }, "1000", "Test rows."),
        new TextField<DataClause>("key", d => d.Key, (d, v) => d with { Key = v }, "Column that names a row: none may be in training and test data both."),
        new TextField<DataClause>("time", d => d.Time, (d, v) => d with { Time = v }, "Column of the time of a row: test rows are later than training rows."),
        new TextField<DataClause>("label", d => d.Label, (d, v) => d with { Label = v }, "What the label means.", longest: 4000, lines: true, direction: Tighter.Words),
        new ValueField<DataClause>("label_delay", Kind.Duration, d => d.LabelDelay, (d, v) => d with { LabelDelay = (TimeSpan)v }, Tighter.Words, "How long after a prediction its label is known.") { Refuse = Bounds.NoTime },
        new ListField<DataClause>("unavailable", d => d.Unavailable, (d, v) => d with { Unavailable = v }, Tighter.Longer, "Columns not known yet when a prediction is made."),
        new ListField<DataClause>("sensitive", d => d.Sensitive, (d, v) => d with { Sensitive = v }, Tighter.Longer, "Columns that the model must not take as inputs."),
        new PartField<DataClause, HoldoutClause>("holdout", Holdout, d => d.Holdout, (d, v) => d with { Holdout = v }, "{name: june}", "A dataset that only the consumer owns."))
    { Check = Shape<DataClause>.Bounded("key", "key: id", "demand") };

    private static readonly Shape<DirectionClause> Direction = new(
        () => throw new InvalidOperationException("A clause on a direction begins with its column."),
        new ValueField<DirectionClause>("score", Kind.Word("rise", "fall"), d => d.Score, (d, v) => d with { Score = (string)v }, Tighter.Neither, "Which way the score goes when the column grows."),
        Bounds.AtLeast<DirectionClause>("rows", Kind.Share, d => d.MinShare, (d, v) => d with { MinShare = (double)v }, "95 %", "Share of rows for which it must hold.", Bounds.OfAll("rows")))
    { OneLine = true };

    public static Shape<RobustnessClause> Robustness { get; } = new(
        () => new RobustnessClause(),
        new ValueField<RobustnessClause>("metric", Kind.Word([.. MetricNames.All.Select(m => m.Name)]), r => r.Metric, (r, v) => r with { Metric = (string)v }, Tighter.Neither, "Metric that drops are measured in; the contract's first by default."),
        Change("noise", 0.05, r => r.Noise, (r, v) => r with { Noise = v }, "Noise on the numbers, as a share of each column's standard deviation."),
        Change("missing", 0.05, r => r.Missing, (r, v) => r with { Missing = v }, "Share of values left out."),
        Change("unknown_categories", 0.05, r => r.UnknownCategories, (r, v) => r with { UnknownCategories = v }, "Share of texts replaced by one never seen."),
        new ListField<RobustnessClause>("invariant", r => r.Invariant, (r, v) => r with { Invariant = v }, Tighter.Longer, "Columns whose values may be shuffled without moving a score."),
        new NamedPartsField<RobustnessClause, DirectionClause>(
            "direction", _ => Direction, column => new DirectionClause { Column = column }, d => d.Column, r => r.Direction, (r, v) => r with { Direction = v },
            ("amount", "{score: rise, rows: {min: 95 %}}"), "Which way the score goes when a column grows.")
        { Noun = "column" },
        new ValueField<RobustnessClause>("edge_cases", Kind.Word("answer", "answer_or_refuse"), r => r.EdgeCases, (r, v) => r with { EdgeCases = (string)v }, Tighter.Neither, "What the model does on extremes, NaN, empty and strange texts."),
        Difference("batch", r => r.BatchWithin, (r, v) => r with { BatchWithin = v }, "Difference of a score between a row alone and among others."),
        Difference("deterministic", r => r.DeterministicWithin, (r, v) => r with { DeterministicWithin = v }, "Difference of a score between two runs."))
    { Check = Shape<RobustnessClause>.Bounded("batch", "batch: {within: 0.000001}", "demand") };

    private static PartField<RobustnessClause, PerturbationClause> Change(
        string name, double level, Func<RobustnessClause, PerturbationClause?> get, Func<RobustnessClause, PerturbationClause, RobustnessClause> set, string about) => new(
        name,
        new Shape<PerturbationClause>(
            () => new PerturbationClause { Level = level },
            new ValueField<PerturbationClause>("level", Kind.Share, p => p.Level, (p, v) => p with { Level = (double)v }, Tighter.Higher, "How strong.") { Refuse = v => v is <= 0.0 or > 1.0 ? "a level lies above 0 % and is at most 100 %" : null },
            Bounds.AtMost<PerturbationClause>("drop", Kind.Number, p => p.MaxDrop, (p, v) => p with { MaxDrop = (double)v }, "0.01", "Greatest drop of the metric.", Bounds.NotBelow0("a drop")))
        { OneLine = true },
        get, set, "{level: 5 %, drop: {max: 0.01}}", about);

    private static GroupField<RobustnessClause> Difference(
        string name, Func<RobustnessClause, double?> get, Func<RobustnessClause, double, RobustnessClause> set, string about) => new(
        name, about, "{within: 0.000001}",
        new ValueField<RobustnessClause>("within", Kind.Number, r => get(r), (r, v) => set(r, (double)v), Tighter.Lower, "Largest difference.") { Refuse = Bounds.NotBelow0("a difference") });
}
