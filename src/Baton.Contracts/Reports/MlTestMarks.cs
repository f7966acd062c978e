namespace Baton.Contracts.Reports;

/// <summary>Marks the 28 tests. A check of the team's own whose name begins with a test's id (<c>checks.d2_ablation</c>) earns that test when it passes.</summary>
internal sealed class MlTestMarks
{
    private readonly ILookup<string, ClauseResult> _byFirst;
    private readonly IReadOnlyList<ClauseResult> _clauses;
    private readonly Claims? _claims;
    private readonly Contract? _contract;

    private MlTestMarks(ReportSubject subject)
    {
        (_clauses, _claims, _contract) = (subject.Evidence.Clauses, subject.Claims, subject.Contract);
        _byFirst = _clauses.ToLookup(c => c.Name.Split('.')[0]);
    }

    public static IReadOnlyList<MlTest> Of(ReportSubject subject)
    {
        var marks = new MlTestMarks(subject);
        return [.. marks.Data(), .. marks.Model(), .. marks.Infrastructure(), .. marks.Monitoring()];
    }

    private IEnumerable<MlTest> Data() =>
    [
        Mark("D1", "Expectations on every feature are written as a schema",
            Ranges() ? (1, "every input has its range, values or null rule in the claims, and the interface holds")
            : Passes("interface") ? (0.5, "names, types and shapes hold; claim min, max, values or nullable for every input to earn the rest")
            : (0, "let the clause interface pass, with min, max, values or nullable for every input")),
        Mark("D2", "Each feature earns its place", (0, "a check d2_… that leaves features out one by one")),
        Mark("D3", "No feature costs more than it gives",
            Passes("latency") && Passes("memory") ? (0.5, "all features together keep latency and memory; a check d3_… that weighs each would earn the rest")
            : (0, "clauses latency and memory that pass")),
        Mark("D4", "Features obey policy",
            Passes("data.sensitive") ? (1, "no sensitive column among the inputs (data.sensitive)") : (0, "name the sensitive columns in the contract: data: {sensitive: [...]}")),
        Mark("D5", "Privacy holds along the whole data path", (0, "a check d5_… on the data path")),
        Mark("D6", "A new feature can reach production quickly", (0, "a check d6_… that times it")),
        Mark("D7", "Code that makes features has tests", (0, "a check d7_… that runs them")),
    ];

    private IEnumerable<MlTest> Model() =>
    [
        Mark("M1", "The model's definition is reviewed and in version control",
            _claims?.Code is { Dirty: not true } code ? (0.5, $"built from commit {Cut(code.Commit)}; a check m1_… that asks for its review would earn the rest")
            : _claims?.Code is not null ? (0, "the tree had changes that are in no commit; commit them and build again")
            : (0, "log the git commit: mlflow.set_tag('mlflow.source.git.commit', …)")),
        Mark("M2", "The offline metric moves with the business metric", (0, "a check m2_… that compares the two")),
        Mark("M3", "Hyperparameters were tuned", (0, "a check m3_… on the runs of the search")),
        Mark("M4", "The effect of staleness is known",
            _contract?.Operations?.MaxAge is not null ? (0.5, "the contract has a greatest age; a check m4_… that measures an old version would earn the rest")
            : (0, "agree on a greatest age in operations, and measure an old version by a check m4_…")),
        Mark("M5", "A simpler model was tried and is not better",
            All(c => c.Name.StartsWith("metrics.", StringComparison.Ordinal) && Demands(c.Name)) ? (1, "better than a trivial predictor (against_baseline)")
            : (0, "a metric with against_baseline that passes")),
        Mark("M6", "Quality is good enough on each important slice",
            All(c => c.Name.Contains(".slices.", StringComparison.Ordinal)) ? (1, "every slice keeps its bound") : (0, "slices under a metric, all of which pass")),
        Mark("M7", "Fairness was examined",
            All(c => c.Name.StartsWith("fairness.", StringComparison.Ordinal)) ? (1, "every bound on fairness holds") : (0, "clauses of fairness that pass")),
    ];

    private IEnumerable<MlTest> Infrastructure() =>
    [
        Mark("I1", "Training reproduces",
            _claims is { Seed: not null, Code: not null, Environment: not null } ? (0.5, "commit, seed and environment are known; a check i1_… that trains again would earn the rest")
            : (0, "log commit, seed and environment with the run")),
        Mark("I2", "The model's code has unit tests", (0, "a check i2_… that runs them")),
        Mark("I3", "The whole pipeline has an integration test", (0, "a check i3_… that runs it end to end")),
        Mark("I4", "Quality is checked before serving",
            _byFirst["metrics"].Any(c => c.Measured is not null && c.Evidence >= EvidenceLevel.ReExecuted) ? (1, "the model was run and its metrics hold a bound before any gate opens")
            : (0, "a clause on a metric, with reference predictions to run it on")),
        Mark("I5", "One example can be traced step by step",
            _byFirst["reproduces"].Any(c => c.Measured is not null) ? (1, "every reference row is run and compared by its id (reproduces)") : (0, "the clause reproduces, with reference predictions")),
        Mark("I6", "A canary precedes the full rollout",
            _contract?.Operations?.Rollout is not null ? (0.5, "the rollout is agreed on; one seen in production would earn the rest") : (0, "agree on a rollout in operations")),
        Mark("I7", "A safe version can be rolled back to",
            _contract?.Operations?.Fallback is not null ? (0.5, "a fallback is agreed on; a rehearsed one would earn the rest") : (0, "agree on a fallback in operations")),
    ];

    private IEnumerable<MlTest> Monitoring() =>
    [
        Mark("O1", "Changes upstream raise a notice", (0, "a check o1_… on what the inputs depend on")),
        Mark("O2", "Invariants of inputs hold in training and serving",
            Ranges() ? (0.5, "the reference rows keep the claimed ranges; evidence from production would earn the rest") : (0, "claim min, max, values or nullable for every input")),
        Mark("O3", "Training and serving features agree",
            _contract?.Operations?.MaxDrift is not null ? (0.5, "a greatest drift is agreed on; evidence from production would earn the rest") : (0, "agree on a greatest drift in operations")),
        Mark("O4", "The model is not too old",
            _contract?.Operations?.MaxAge is not null ? (0.5, "a greatest age is agreed on; evidence from production would earn the rest") : (0, "agree on a greatest age in operations")),
        Mark("O5", "No numeric trouble",
            Passes("robustness.edge_cases") || Passes("robustness.missing") ? (1, "edge cases or missing values give finite answers or a clear error (robustness)")
            : (0, "robustness: edge_cases or missing")),
        Mark("O6", "Speed, throughput and memory have not got worse",
            All(c => c.Name is "latency" or "memory" || c.Name.StartsWith("hardware.", StringComparison.Ordinal)) ? (1, "measured on every version against a bound")
            : (0, "clauses latency, memory or hardware, all of which pass")),
        Mark("O7", "Quality on served rows has not got worse",
            _byFirst["metrics"].Any(c => c is { Verdict: Verdict.Pass, Evidence: EvidenceLevel.Observed }) ? (1, "observed in production")
            : (0, "a metric that is observed in production")),
    ];

    private MlTest Mark(string id, string what, (double Mark, string Why) found)
    {
        var own = _byFirst["checks"].FirstOrDefault(c =>
            c.Verdict == Verdict.Pass && c.Name["checks.".Length..].StartsWith(id + "_", StringComparison.OrdinalIgnoreCase));
        return own is null ? new MlTest(id, what, found.Mark, found.Why) : new MlTest(id, what, 1, $"{own.Name} passes");
    }

    private bool Passes(string name) => _clauses.Any(c => c.Name == name && c.Verdict == Verdict.Pass);

    /// <summary>Whether there are such clauses and every one passes.</summary>
    private bool All(Func<ClauseResult, bool> such) => _clauses.Where(such).ToList() is { Count: > 0 } found && found.TrueForAll(c => c.Verdict == Verdict.Pass);

    private bool Demands(string clause) => _contract?.Metrics.Any(m => m.AgainstBaseline is not null && clause == $"metrics.{m.Metric}") == true;

    private bool Ranges() => Passes("interface")
        && _claims?.Interface.Inputs is { Count: > 0 } inputs
        && inputs.All(i => i.Min is not null || i.Max is not null || i.Nullable is not null || i.Values is not null);

    private static string Cut(string commit) => commit.Length > 12 ? commit[..12] : commit;
}
