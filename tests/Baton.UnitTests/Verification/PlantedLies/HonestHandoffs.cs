namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>Honest handovers under long contracts.</summary>
internal static class HonestHandoffs
{
    private const string Long = """
          reproduces: {within: 0.0001, rows: {min: 100 %}, error: {p99: {max: 0.00001}}}
          metrics:
            roc_auc: {min: 0.60, against_claimed: {min: -0.05}, against_baseline: {min: 0.05}, slices: {region: {min: 0.50, gap: {max: 0.2}}}}
            expected_calibration_error: {max: 0.10}
            accuracy: {min: 0.50}
          fairness: {gender: {demographic_parity_difference: {max: 0.20}}}
          data: {rows: {min: 1000}, key: id, time: day, sensitive: [gender], unavailable: [paid_back]}
          robustness:
            noise: {level: 5 %, drop: {max: 0.05}}
            missing: {level: 5 %, drop: {max: 0.05}}
            unknown_categories: {level: 5 %, drop: {max: 0.05}}
            direction: {amount: {score: rise}}
            edge_cases: answer_or_refuse
            batch: {within: 0.00001}
            deterministic: {within: 0}
          package: {size: {max: 1 MiB}, parameters: {max: 1000}, opset: {max: 21}}
          provenance: {require: [commit, clean_tree]}
          security: {pickle: forbidden}

        """;

    public static IReadOnlyList<string> Names { get; } = ["credit", "credit with an honest pickle", "champion", "challenger", "digits", "wine", "diabetes", "licences"];

    public static async Task<Handoff> MakeAsync(string name, int seed)
    {
        switch (name)
        {
            case "credit":
                var credit = Honest.Credit(seed);
                credit.Clauses = Long;
                return credit;
            case "credit with an honest pickle":
                var pickled = Honest.Credit(seed);
                pickled.Files["columns.pkl"] = [0x80, 2, .. "]q\0."u8];
                pickled.Clauses = "  reproduces: {}\n  security: {pickle: scanned}\n";
                return pickled;
            case "champion" or "challenger":
                return await Honest.FlightsAsync(name);
            case "diabetes":
                return await Honest.SmallAsync(name, "  reproduces: {within: 0.01}\n  metrics: {r2: {min: 0.2}, mean_absolute_error: {max: 80, against_baseline: {max: 0, predictor: mean}}}\n");
            default:
                return await Honest.SmallAsync(name, "  reproduces: {}\n  metrics: {accuracy: {min: 0.7, against_baseline: {min: 0}}}\n  robustness: {batch: {within: 0.00001}, deterministic: {within: 0}}\n");
        }
    }
}
