using Baton.Contracts;
using CsCheck;

namespace Baton.UnitTests.Contracts;

/// <summary>Random contracts, valid by construction.</summary>
internal static class Gens
{
    private static readonly Gen<double> Share = Gen.Int[0, 1_000_000].Select(n => n / 1_000_000.0);

    private static readonly Gen<double?> MaybeShare = Gen.Int[-300_000, 1_000_000].Select(n => n < 0 ? (double?)null : n / 1_000_000.0);

    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.OneOf("flight-delay", "null", "yes", "0.5", "a: b", "x # y", "'quoted'", "say \"hi\"",
            "c:\\dir", "- dash", "*star", "é, ü", "日本 🛫", "trailing \u2028 end", "{a}", "~"),
        Gen.String[Gen.Char.AlphaNumeric, 1, 20]);

    private static readonly Gen<string> Names = Words.Where(w => w.AsSpan().IndexOfAny('/', ':') < 0);

    private static readonly Gen<string> Prose = Gen.Select(Words, Words, Gen.OneOf(" ", "\n", "\n\n", "\t", " : "), (a, b, between) => a + between + b);

    private static readonly Gen<TimeSpan> Time = Gen.OneOf(
        Gen.Long[1, TimeSpan.TicksPerHour].Select(TimeSpan.FromTicks), Gen.Int[1, 400].Select(n => TimeSpan.FromDays(n)), Gen.Int[1, 400].Select(n => TimeSpan.FromMinutes(n)));

    private static readonly Gen<EvidenceLevel?> Level = Gen.Int[-1, 5].Select(n => n < 0 ? (EvidenceLevel?)null : (EvidenceLevel)n);

    private static readonly Gen<IReadOnlyList<string>> List = Words.Where(w => w.Trim() == w).List[0, 3]
        .Select(l => (IReadOnlyList<string>)[.. l.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    private static readonly Gen<SliceClause> Slice =
        from column in Words
        from min in MaybeShare
        from gap in Share
        from rows in Gen.Int[0, 500]
        select new SliceClause { Column = column, Min = min, MaxGap = gap, MinRows = rows };

    private static readonly Gen<MetricClause> Metric =
        from name in Gen.OneOf([.. MetricNames.All])
        from ends in Gen.Select(Share, Share)
        from which in Gen.Int[1, 7]
        from confidence in Gen.Int[500, 999]
        from groupBy in Words.Null()
        from margin in Share
        from slices in Slice.List[0, 2]
        from claimed in Share.Select(m => new Bound(Min: 0 - m)).Null()
        from baseline in Gen.Select(Share, Gen.OneOf([.. BaselineBound.Predictors]).Null(), (m, p) => new BaselineBound { Min = name.GreaterIsBetter ? m : null, Max = name.GreaterIsBetter ? null : 0 - m, Predictor = p }).Null()
        from evidence in Level
        select new MetricClause
        {
            Slices = [.. slices.DistinctBy(s => s.Column)],
            AgainstClaimed = claimed,
            AgainstBaseline = baseline,
            Evidence = evidence,
            Metric = name.Name,
            Min = (which & 1) != 0 ? Math.Min(ends.Item1, ends.Item2) : null,
            Max = (which & 2) != 0 ? Math.Max(ends.Item1, ends.Item2) : null,
            Confidence = confidence / 1000.0,
            GroupBy = groupBy,
            AgainstProduction = (which & 4) == 0 ? null : name.GreaterIsBetter ? new Bound(Min: 0 - margin) : new Bound(Max: margin),
        };

    private static readonly Gen<LatencyClause> Latency =
        from percentile in Gen.Int[1, 99_999]
        from ticks in Time
        from rate in Gen.Double[0.001, 1_000_000]
        from rows in Gen.Int[1, 1000]
        select new LatencyClause { Percentile = percentile / 1000.0, Max = ticks, RequestsPerSecond = rate, RowsPerRequest = rows };

    private static readonly Gen<ReproducesClause> Reproduces =
        from within in Gen.Double[0, 1]
        from relative in MaybeShare
        from share in Share
        from error in Gen.Select(Gen.Int[1, 999], Share, (p, max) => new ErrorPercentile(p / 10.0, max)).Null()
        from top in Gen.Select(Gen.Int[1, 5], Share, (k, min) => new TopKAgreement { K = k, MinShare = min }).Null()
        from evidence in Level
        select new ReproducesClause { Within = within, Relative = relative, MinShare = share, Error = error, TopK = top, Evidence = evidence };

    private static readonly Gen<FairnessClause> Fairness =
        from column in Words
        from bounds in Gen.Select(Gen.OneOf([.. FairnessClause.Measures.Select(m => m.Name)]), Share).List[1, 4]
        from rows in Gen.Int[0, 500]
        select new FairnessClause
        {
            Column = column,
            MinRows = rows,
            Bounds = new SortedDictionary<string, double>(bounds.DistinctBy(b => b.Item1).ToDictionary(b => b.Item1, b => b.Item2), StringComparer.Ordinal),
        };

    private static readonly Gen<DataClause> Data =
        from rows in Gen.Int[0, 100_000].Select(n => n == 0 ? (int?)null : n)
        from words in Gen.Select(Words, Words.Null(), Prose.Null())
        from delay in Time
        from lists in Gen.Select(List, List)
        from holdout in Gen.Select(Words, Gen.Int[1, 50], (name, uses) => new HoldoutClause { Name = name, MaxUses = uses % 2 == 0 ? null : uses }).Null()
        select new DataClause
        {
            MinRows = rows,
            Key = words.Item1,
            Time = words.Item2,
            Label = words.Item3,
            LabelDelay = rows is null ? null : delay,
            Unavailable = lists.Item1,
            Sensitive = lists.Item2,
            Holdout = holdout,
        };

    private static readonly Gen<PerturbationClause> Change =
        Gen.Select(Gen.Int[1, 100], MaybeShare, (level, drop) => new PerturbationClause { Level = level / 100.0, MaxDrop = drop });

    private static readonly Gen<RobustnessClause> Robustness =
        from metric in Gen.OneOf([.. MetricNames.All.Select(m => m.Name)]).Null()
        from changes in Gen.Select(Change.Null(), Change.Null(), Change.Null())
        from invariant in List
        from directions in Gen.Select(Words, Share, (column, share) => new DirectionClause { Column = column, Score = share > 0.5 ? "fall" : "rise", MinShare = share }).List[0, 2]
        from edge in Gen.OneOf("answer", "answer_or_refuse").Null()
        from batch in Share
        from again in MaybeShare
        select new RobustnessClause
        {
            Metric = metric,
            Noise = changes.Item1,
            Missing = changes.Item2,
            UnknownCategories = changes.Item3,
            Invariant = invariant,
            Direction = [.. directions.DistinctBy(d => d.Column)],
            EdgeCases = edge,
            BatchWithin = batch,
            DeterministicWithin = again,
        };

    private static readonly Gen<CustomCheck> Check =
        from name in Words
        from command in Words
        from max in MaybeShare
        from timeout in Gen.Int[1, 3600]
        select new CustomCheck { Name = name, Command = command, Max = max, Timeout = TimeSpan.FromSeconds(timeout) };

    private static readonly Gen<IReadOnlyList<LatencyBound>> Percentiles = Gen.Select(Gen.Int[1, 999], Time).List[0, 3]
        .Select(l => (IReadOnlyList<LatencyBound>)[.. l.DistinctBy(b => b.Item1).OrderBy(b => b.Item1).Select(b => new LatencyBound(b.Item1 / 10.0, b.Item2))]);

    private static readonly Gen<HardwareClause> Hardware =
        from name in Words
        from machine in Gen.Select(Words.Null(), Gen.Int[1, 64], Gen.OneOf([.. MachineDemand.Providers]).Null(),
            (cpu, cores, provider) => new MachineDemand { Cpu = cpu, Cores = cores, Memory = (long)cores << 30, Provider = provider }).Null()
        from scenario in Gen.OneOf([.. HardwareClause.Scenarios])
        from times in Gen.Select(Percentiles, Percentiles, Percentiles)
        from sizes in Gen.Select(Gen.Long[1, 1L << 40], Gen.Int[1, 1000])
        from errors in MaybeShare
        from within in Time
        select new HardwareClause
        {
            Name = name,
            On = machine,
            Scenario = scenario,
            RequestsPerSecond = scenario == "server" ? sizes.Item2 : 20,
            RowsPerRequest = sizes.Item2,
            Latency = times.Item1,
            FirstToken = times.Item2,
            PerToken = times.Item3,
            MaxMemory = sizes.Item1,
            MinRowsPerSecond = sizes.Item2,
            MaxErrors = errors,
            MaxColdStart = within,
            Batch = new BatchDeadline { Rows = sizes.Item1, Within = within },
        };

    private static readonly Gen<SecurityClause> Security =
        Gen.OneOf([.. SecurityClause.Pickles]).Select(p => new SecurityClause { Pickle = p, SignedBy = p == "allowed" ? null : Digests.Sha256(p) });

    private static readonly Gen<OperationsTerms> Operations =
        Gen.Select(Prose.Null(), Share, Time, (text, share, time) => new OperationsTerms { Rollout = text, MaxDrift = share, Availability = share, Window = time, MaxAge = time, Fallback = text });

    public static readonly Gen<Contract> Contract =
        from model in Names
        from purpose in Prose.Null()
        from owners in Gen.Select(Words.Null(), Words, (a, b) => new ContractOwners(a, b)).Null()
        from task in Gen.OneOf([.. Baton.Contracts.Contract.Tasks]).Null()
        from costs in Gen.Select(Gen.Double[-10, 10], Words, (cost, unit) => new ErrorCosts { FalsePositive = cost, FalseNegative = 2 * cost, Currency = unit[..Math.Min(unit.Length, 3)] }).Where(c => c.Currency!.Trim() == c.Currency && c.Currency.Length > 0).Null()
        from fairness in Fairness.List[0, 2]
        from data in Data.Null()
        from robustness in Robustness.Null()
        from checks in Check.List[0, 2]
        from hardware in Hardware.List[0, 2]
        from package in Gen.Select(Gen.Long[1, 1L << 40], Gen.Int[1, 30], (size, opset) => new PackageClause { MaxSize = size, MaxParameters = size, MaxOpset = opset }).Null()
        from provenance in Gen.Select(Gen.Int[1, 255], List, (bits, l) => new ProvenanceClause { Require = [.. ProvenanceClause.Facts.Where((_, i) => (bits >> i & 1) == 1)], Licences = l }).Null()
        from security in Security.Null()
        from operations in Operations.Null()
        from reproduces in Reproduces.Null()
        from metrics in Metric.List[0, 4]
        from latency in Latency.Null()
        from memory in Gen.OneOf(Gen.Long[1, 1L << 45], Gen.Long[1, 64].Select(n => n << 20)).Select(n => new MemoryClause(n)).Null()
        select new Contract
        {
            Model = model,
            Task = task,
            Purpose = purpose,
            Decision = purpose,
            Costs = costs,
            Fairness = [.. fairness.DistinctBy(f => f.Column)],
            Data = data,
            Robustness = robustness,
            Checks = [.. checks.DistinctBy(c => c.Name)],
            Hardware = [.. hardware.DistinctBy(h => h.Name)],
            Package = package,
            Provenance = provenance,
            Security = security,
            Operations = operations,
            Owners = owners,
            Reproduces = reproduces ?? (metrics.Count == 0 && latency is null && memory is null ? new ReproducesClause() : null),
            Metrics = [.. metrics.DistinctBy(m => m.Metric)],
            Latency = latency,
            Memory = memory,
        };

    /// <summary>Contracts of the four easy clauses alone.</summary>
    public static readonly Gen<Contract> Easy = Contract.Select(c => new Contract
    {
        Model = c.Model,
        Purpose = c.Purpose,
        Owners = c.Owners,
        Reproduces = c.Reproduces is null ? null : new ReproducesClause { Within = c.Reproduces.Within, MinShare = c.Reproduces.MinShare },
        Metrics = [.. c.Metrics.Select(m => new MetricClause
        {
            Metric = m.Metric, Min = m.Min, Max = m.Max, Confidence = m.Confidence, GroupBy = m.GroupBy,
            AgainstProduction = m.AgainstProduction ?? (m.Min is null && m.Max is null ? new Bound(Min: 0) : null),
        })],
        Latency = c.Latency,
        Memory = c.Memory ?? new MemoryClause(1),
    });
}
