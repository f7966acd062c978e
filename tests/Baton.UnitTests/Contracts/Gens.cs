using Baton.Contracts;
using CsCheck;

namespace Baton.UnitTests.Contracts;

/// <summary>Random contracts, valid by construction.</summary>
internal static class Gens
{
    private static readonly Gen<double> Share = Gen.Int[0, 1_000_000].Select(n => n / 1_000_000.0);

    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.OneOf("flight-delay", "null", "yes", "0.5", "a: b", "x # y", "'quoted'", "say \"hi\"",
            "c:\\dir", "- dash", "*star", "é, ü", "日本 🛫", "trailing \u2028 end", "{a}", "~"),
        Gen.String[Gen.Char.AlphaNumeric, 1, 20]);

    private static readonly Gen<string> Names = Words.Where(w => w.AsSpan().IndexOfAny('/', ':') < 0);

    private static readonly Gen<string> Prose = Gen.Select(Words, Words, Gen.OneOf(" ", "\n", "\n\n", "\t", " : "), (a, b, between) => a + between + b);

    private static readonly Gen<MetricClause> Metric =
        from name in Gen.OneOf([.. MetricNames.All])
        from ends in Gen.Select(Share, Share)
        from which in Gen.Int[1, 7]
        from confidence in Gen.Int[500, 999]
        from groupBy in Words.Null()
        from margin in Share
        select new MetricClause
        {
            Metric = name.Name,
            Min = (which & 1) != 0 ? Math.Min(ends.Item1, ends.Item2) : null,
            Max = (which & 2) != 0 ? Math.Max(ends.Item1, ends.Item2) : null,
            Confidence = confidence / 1000.0,
            GroupBy = groupBy,
            AgainstProduction = (which & 4) == 0 ? null : name.GreaterIsBetter ? new Bound(Min: 0 - margin) : new Bound(Max: margin),
        };

    private static readonly Gen<LatencyClause> Latency =
        from percentile in Gen.Int[1, 99_999]
        from ticks in Gen.Long[1, TimeSpan.TicksPerHour]
        from rate in Gen.Double[0.001, 1_000_000]
        from rows in Gen.Int[1, 1000]
        select new LatencyClause { Percentile = percentile / 1000.0, Max = TimeSpan.FromTicks(ticks), RequestsPerSecond = rate, RowsPerRequest = rows };

    private static readonly Gen<ReproducesClause> Reproduces =
        Gen.Select(Gen.Double[0, 1], Share, (within, share) => new ReproducesClause { Within = within, MinShare = share });

    public static readonly Gen<Contract> Contract =
        from model in Names
        from purpose in Prose.Null()
        from owners in Gen.Select(Words.Null(), Words, (a, b) => new ContractOwners(a, b)).Null()
        from reproduces in Reproduces.Null()
        from metrics in Metric.List[0, 4]
        from latency in Latency.Null()
        from memory in Gen.OneOf(Gen.Long[1, 1L << 45], Gen.Long[1, 64].Select(n => n << 20)).Select(n => new MemoryClause(n)).Null()
        select new Contract
        {
            Model = model,
            Purpose = purpose,
            Owners = owners,
            Reproduces = reproduces ?? (metrics.Count == 0 && latency is null && memory is null ? new ReproducesClause() : null),
            Metrics = [.. metrics.DistinctBy(m => m.Metric)],
            Latency = latency,
            Memory = memory,
        };
}
