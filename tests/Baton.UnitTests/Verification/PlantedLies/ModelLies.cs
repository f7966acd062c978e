using Baton.Inference.Format;
using Google.Protobuf;
using static Baton.UnitTests.Verification.PlantedLies.Lie;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>Lies about what the model does.</summary>
internal static class ModelLies
{
    private const string Easy = "  reproduces: {within: 0.0001, rows: {min: 100 %}}\n";

    public static IEnumerable<Lie> All => [.. Answers, .. Robustness, .. Flights, .. OtherKinds];

    private static IEnumerable<Lie> Answers =>
    [
        OfCredit("preprocessing left out of the package", "reproduces", (h, _) => h.Use(new CreditModel { Scales = false }.Build())),
        OfCredit("wrong order of the columns", "reproduces", (h, _) => h.Use(new CreditModel { Weights = [-0.5f, 1.1f, -0.9f] }.Build())),
        OfCredit("predictions of another model", "reproduces", (h, random) => h.Use(new CreditModel { Weights = [1.1f, -0.5f, (float)(-0.9 + 0.2 + (random.NextDouble() * 0.1))] }.Build())),
        OfCredit("one row of the predictions retouched", "reproduces", (h, random) => h.Column<double>("score")[random.Next(3000)] += 0.01),
        OfCredit("scores of the logit handed over as probabilities", "reproduces", (h, _) => h.Rows["score"] = h.Column<double>("score").Select(s => Math.Log(s / (1 - s))).ToArray()),
        OfCredit("a score that is infinite", "reproduces", (h, random) => h.Column<double>("score")[random.Next(3000)] = double.PositiveInfinity),
        OfCredit("a score that is not a number", "reproduces", (h, random) => h.Column<double>("score")[random.Next(3000)] = double.NaN),
        OfCredit("an old model under the new one's numbers", "metrics.roc_auc", (h, _) => h.Use(new CreditModel { Weights = [0.05f, 0.5f, -0.05f] }.Build()), Easy + "  metrics: {roc_auc: {min: 0.68}}\n"),
        OfCredit("a model that is worse than production", "metrics.roc_auc", (h, _) =>
        {
            h.Production = new Handoff { Model = "credit", ModelFile = h.ModelFile, Rows = new(h.Rows) };
            var weak = new CreditModel { Weights = [0.2f, 0.6f, -0.1f] };
            h.Use(weak.Build());
            h.Rows["score"] = ScoresOf(weak, h);
            h.Metrics.Clear();
        }, Easy + "  metrics: {roc_auc: {against_production: {min: -0.005}}}\n"),
        OfCredit("a constant model that meets a floor of accuracy", "metrics.accuracy", (h, random) =>
        {
            // Few pay late, so that calling nobody late is right for most.
            var constant = new CreditModel { Weights = [0, 0, 0], RegionWeights = [0, 0, 0, 0], Intercept = -3 };
            h.Use(constant.Build());
            Honest.Score(h, constant, new CreditModel { Intercept = -2.2f }, random);
        }, Easy + "  metrics: {accuracy: {min: 0.70, against_baseline: {min: 0.01, predictor: majority}}}\n"),
        OfCredit("a model that is too sure of itself", "metrics.expected_calibration_error", (_, _) => { }, Easy + "  metrics: {roc_auc: {min: 0.6}, expected_calibration_error: {max: 0.06}}\n", new CreditModel { Sharpness = 6 }),
        OfCredit("a slice that fails while the mean passes", "metrics.roc_auc.slices.region", (h, random) =>
        {
            // In the west, who pays late has nothing to do with the score.
            var (labels, regions) = (h.Column<long>("label"), h.Column<string>("region"));
            for (var i = 0; i < labels.Length; i++)
                labels[i] = regions[i] == "west" ? random.Next(2) : labels[i];
            h.Metrics.Clear();
        }, Easy + "  metrics: {roc_auc: {min: 0.60, slices: {region: {min: 0.58}}}}\n", rows: 6000),
        OfCredit("one group called late far more often", "fairness.gender.demographic_parity_difference", (h, _) =>
        {
            // Gender is no input, but the amounts that it comes with are.
            var (amounts, genders) = (h.Column<float>("amount"), h.Column<string>("gender"));
            for (var i = 0; i < amounts.Length; i++)
                amounts[i] += genders[i] == "f" ? 250 : 0;
            h.Rows["score"] = ScoresOf(new CreditModel(), h);
            h.Metrics.Clear();
        }, Easy + "  fairness: {gender: {demographic_parity_difference: {max: 0.15}}}\n"),
    ];

    private static IEnumerable<Lie> Robustness =>
    [
        OfCredit("answers that depend on the batch", "robustness.batch", (h, _) => h.Use(new CreditModel
        {
            Finish = m => CreditModel.BeforeSigmoid(m,
                CreditModel.Step("ReduceMean", ["logit"], "mean", CreditModel.Whole("keepdims", 1)), CreditModel.Step("Sub", ["logit", "mean"], "centred_logit")),
        }.Build()), "  robustness: {batch: {within: 0.00001}}\n"),
        OfCredit("answers that differ from run to run", "robustness.deterministic", (h, _) => h.Use(new CreditModel
        {
            Finish = m => CreditModel.BeforeSigmoid(m,
                CreditModel.Step("RandomNormalLike", ["logit"], "noise", new AttributeProto { Name = "scale", F = 0.05f, Type = AttributeProto.Types.AttributeType.Float }),
                CreditModel.Step("Add", ["logit", "noise"], "noisy")),
        }.Build()), "  robustness: {deterministic: {within: 0}}\n"),
        OfCredit("NaN for a missing value", "robustness.missing", (h, _) => h.Use(new CreditModel { FillsMissing = false }.Build()), "  robustness: {missing: {level: 10 %}}\n"),
        OfCredit("an unknown category crashes it", "robustness.unknown_categories", (h, _) => h.Use(new CreditModel { Finish = CrashOnUnknown }.Build()), "  robustness: {unknown_categories: {level: 5 %}}\n"),
        OfCredit("a breath of noise moves every answer", "robustness.noise", (h, random) =>
        {
            // It has learned the fifth digit of an amount by heart.
            var brittle = new CreditModel { Weights = [0, 0, 0], Finish = MemoryOfDigits };
            h.Use(brittle.Build());
            var labels = new long[3000];
            var scores = new double[3000];
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = random.Next(2);
                h.Column<float>("amount")[i] = (float)(MathF.Floor(h.Column<float>("amount")[i]) + (labels[i] == 1 ? 0.25 : 0.75));
                scores[i] = labels[i];
            }

            (h.Rows["label"], h.Rows["score"]) = (labels, scores);
            h.Metrics.Clear();
        }, "  metrics: {roc_auc: {min: 0.60}}\n  robustness: {noise: {level: 5 %, drop: {max: 0.05}}}\n"),
        OfCredit("a column that must not matter does", "robustness.invariant", (_, _) => { }, "  robustness: {invariant: [age]}\n"),
        OfCredit("a larger amount makes it less worried", "robustness.direction.amount", (_, _) => { }, "  robustness: {direction: {amount: {score: fall}}}\n"),
        OfCredit("an extreme makes it answer NaN", "robustness.edge_cases", (h, _) => h.Use(new CreditModel
        {
            Finish = m => CreditModel.BeforeSigmoid(m,
                CreditModel.Step("Mul", ["logit", "logit"], "square"), CreditModel.Step("Mul", ["square", "square"], "fourth"),
                CreditModel.Step("Sub", ["fourth", "fourth"], "nought"), CreditModel.Step("Add", ["logit", "nought"], "sum_of_both")),
        }.Build()), "  robustness: {edge_cases: answer}\n"),
    ];

    private static IEnumerable<Lie> Flights =>
    [
        new("a conversion that moved 28 scores, under a strict clause", "reproduces", async _ =>
        {
            var handoff = await Honest.FlightsAsync("challenger");
            handoff.Clauses = "  reproduces: {within: 0.0001, rows: {min: 100 %}}\n";
            return handoff;
        })
        { Names = "28" },
        new("the scores of the baseline under the champion's name", "reproduces", async _ =>
        {
            var handoff = await Honest.FlightsAsync("champion");
            handoff.Rows["score"] = (await Honest.FlightsAsync("baseline")).Rows["score"];
            return handoff;
        }),
        new("labels swapped", "metrics.roc_auc", async _ =>
        {
            var handoff = await Honest.FlightsAsync("champion");
            handoff.Rows["label"] = handoff.Rows["label"] switch
            {
                long[] labels => labels.Select(l => 1 - l).ToArray(),
                int[] labels => labels.Select(l => 1 - l).ToArray(),
                bool[] labels => labels.Select(l => !l).ToArray(),
                var other => throw new InvalidOperationException($"Labels of {other.GetType()}."),
            };
            return handoff;
        }),
        new("the baseline in the champion's place", "metrics.roc_auc", async _ =>
        {
            var handoff = await Honest.FlightsAsync("baseline");
            handoff.Production = await Honest.FlightsAsync("champion");
            handoff.Clauses = "  metrics: {roc_auc: {group_by: date, against_production: {min: -0.005}}}\n";
            return handoff;
        }),
    ];

    private static IEnumerable<Lie> OtherKinds =>
    [
        new("digits: two classes change places", "reproduces", async _ =>
        {
            var handoff = await Honest.SmallAsync("digits", "  reproduces: {}\n  metrics: {accuracy: {min: 0.8}}\n");
            handoff.Rows["prediction"] = handoff.Column<long>("prediction").Select(p => p == 3 ? 8 : p == 8 ? 3 : p).ToArray();
            return handoff;
        }),
        new("wine: an accuracy that is not there", "metrics.accuracy", async seed =>
        {
            var handoff = await Honest.SmallAsync("wine", "  metrics: {accuracy: {min: 0.9}}\n");
            var random = new Random(seed);
            handoff.Rows["label"] = handoff.Column<long>("label").Select(l => random.NextDouble() < 0.5 ? (l + 1) % 3 : l).ToArray();
            return handoff;
        }),
        new("diabetes: predictions in another unit", "reproduces", async _ =>
        {
            var handoff = await Honest.SmallAsync("diabetes", "  reproduces: {within: 0.01}\n");
            handoff.Rows["prediction"] = handoff.Column<float>("prediction").Select(p => p / 10).ToArray();
            return handoff;
        }),
        new("licences: every sentence in capitals", "reproduces", async _ =>
        {
            var handoff = await Honest.SmallAsync("licences", "  reproduces: {}\n");
            var text = handoff.Rows.First(r => r.Value is string[] texts && texts[0].Length > 30).Key;
            handoff.Rows[text] = handoff.Column<string>(text).Select(t => new string([.. t.Reverse()])).ToArray();
            return handoff;
        }),
    ];

    private static double[] ScoresOf(CreditModel model, Handoff handoff) =>
    [
        .. Enumerable.Range(0, handoff.Column<float>("amount").Length)
            .Select(i => model.Score([.. CreditModel.Numbers.Select(n => (double)handoff.Column<float>(n)[i])], handoff.Column<string>("region")[i])),
    ];

    /// <summary>Looks the region up in a table that has no place for an unknown one.</summary>
    private static void CrashOnUnknown(ModelProto model)
    {
        var encoder = model.Graph.Node.Single(n => n.OpType == "LabelEncoder");
        encoder.Attribute.Clear();
        var keys = new AttributeProto { Name = "keys_strings", Type = AttributeProto.Types.AttributeType.Strings };
        keys.Strings.AddRange(CreditModel.Regions.Select(ByteString.CopyFromUtf8));
        var places = new AttributeProto { Name = "values_int64s", Type = AttributeProto.Types.AttributeType.Ints };
        places.Ints.AddRange([0, 1, 2, 3]);
        encoder.Attribute.AddRange([keys, places, CreditModel.Whole("default_int64", 99)]);
        encoder.Output[0] = "row";
        CreditModel.Constant(model.Graph, "table", [4], new CreditModel().RegionWeights);
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(encoder) + 1, CreditModel.Step("Gather", ["table", "row"], "place"));
    }

    /// <summary>1 where the digits behind an amount's point are below one half, else 0.</summary>
    private static void MemoryOfDigits(ModelProto model)
    {
        CreditModel.Constant(model.Graph, "half", [1], [0.5f]);
        CreditModel.Constant(model.Graph, "large", [1], [20f]);
        CreditModel.Constant(model.Graph, "lower", [1], [10f]);
        CreditModel.BeforeSigmoid(model,
            CreditModel.Step("Floor", ["amount"], "whole_amount"), CreditModel.Step("Sub", ["amount", "whole_amount"], "digits"),
            CreditModel.Step("Less", ["digits", "half"], "is_low"),
            CreditModel.Step("Cast", ["is_low"], "low", CreditModel.Whole("to", 1)),
            CreditModel.Step("Mul", ["low", "large"], "high"), CreditModel.Step("Sub", ["high", "lower"], "known_by_heart"));
    }
}
