using Baton.Inference.Execution;
using Baton.Statistics;
using Baton.Verification.Hardware;

namespace Baton.Verification.Load;

/// <summary>What a load found, and what else the machine did meanwhile. Several runs of one load add up.</summary>
internal sealed record LoadFindings
{
    private const int Blocks = 8;
    private const int LeastOfBlock = 5;
    private const double MostSpread = 0.25;
    private const double RareBlock = 1e-4;

    /// <summary>The load that was planned first.</summary>
    public required BenchPlan Plan { get; init; }

    /// <summary>Latencies in milliseconds; infinite for a request without a good answer.</summary>
    public required LatencyHistogram Latencies { get; init; }

    /// <summary>Median time from sending to answer of each block of requests, in order of arrival, ms: the model is the same in all of them.</summary>
    public required IReadOnlyList<double> BlockMedians { get; init; }

    /// <summary>Whether the blocks differ by more than chance.</summary>
    public required bool BlocksDiffer { get; init; }

    /// <summary>Rows answered a second in each block.</summary>
    public required IReadOnlyList<double> BlockRates { get; init; }

    /// <summary>Requests without a good answer.</summary>
    public required long Errors { get; init; }

    /// <summary>What was wrong with the first of them; null where all were answered.</summary>
    public string? FirstError { get; init; }

    /// <summary>Length of the load.</summary>
    public required double Seconds { get; init; }

    /// <summary>Calls before the clock started.</summary>
    public required int WarmUpCalls { get; init; }

    /// <summary>Streams that took requests.</summary>
    public required int Streams { get; init; }

    /// <summary>What else went on.</summary>
    public required MachineNoise Noise { get; init; }

    /// <summary>Requests, failed ones included.</summary>
    public long Requests => Latencies.Count;

    /// <summary>Rows answered a second, over the whole load.</summary>
    public double RowsPerSecond => Seconds > 0 ? (Requests - Errors) * Plan.RowsSent / Seconds : 0;

    /// <summary>Range of the blocks' medians over their median; 0 where there are too few requests for blocks.</summary>
    public double Spread => BlockMedians.Count < 2 ? 0 : (BlockMedians.Max() - BlockMedians.Min()) / BlockMedians.Order().ElementAt(BlockMedians.Count / 2);

    /// <summary>Why the times are noisy, as parts of a sentence; empty for a quiet machine.</summary>
    public IReadOnlyList<string> NoiseSigns => BlocksDiffer && Spread > MostSpread
        ? [.. Noise.Signs, FormattableString.Invariant($"the medians of {BlockMedians.Count} blocks of requests differ by {Spread * 100:0} %")]
        : Noise.Signs;

    /// <summary>Whether the times are noisy: a bound that is missed then is not called missed.</summary>
    public bool IsNoisy => NoiseSigns.Count > 0;

    /// <summary>What one run found.</summary>
    public static LoadFindings Of(BenchPlan plan, BenchResult result, MachineNoise noise) => new()
    {
        Plan = plan,
        Latencies = new LatencyHistogram(result.LatenciesMicroseconds.Select(l => Math.Max(0, l / 1000))),
        BlockMedians = [.. Cut([.. result.ServiceMicroseconds]).Select(b => b.Order().ElementAt(b.Length / 2) / 1000)],
        BlocksDiffer = Differ([.. result.ServiceMicroseconds]),
        BlockRates = Rates([.. result.FinishedMicroseconds.Order()], plan.RowsSent, result),
        Errors = result.Errors,
        FirstError = result.FirstError,
        Seconds = result.Seconds,
        WarmUpCalls = result.WarmUpCalls,
        Streams = result.Workers,
        Noise = noise,
    };

    /// <summary>This and a further run of the load.</summary>
    public LoadFindings Add(LoadFindings further)
    {
        var all = new LatencyHistogram();
        all.Merge(Latencies);
        all.Merge(further.Latencies);
        return this with
        {
            Latencies = all,
            BlockMedians = [.. BlockMedians, .. further.BlockMedians],
            BlocksDiffer = BlocksDiffer || further.BlocksDiffer,
            BlockRates = [.. BlockRates, .. further.BlockRates],
            Errors = Errors + further.Errors,
            FirstError = FirstError ?? further.FirstError,
            Seconds = Seconds + further.Seconds,
            Noise = further.Noise.Signs.Count > Noise.Signs.Count ? further.Noise : Noise,
        };
    }

    // Were it not for the machine, as many of a block's requests would take longer than the median of all as heads come up of so many coins.
    private static bool Differ(double[] service)
    {
        if (service.Length == 0)
            return false;
        var median = service.Order().ElementAt(service.Length / 2);
        return Cut(service).Any(block =>
        {
            var (longer, shorter) = (block.Count(s => s > median), block.Count(s => s < median));
            return longer + shorter > 0 && Proportion.ClopperPearson(Math.Min(longer, shorter), longer + shorter, 1 - RareBlock).High < 0.5;
        });
    }

    private static IEnumerable<double[]> Cut(double[] values) => values.Length < Blocks * LeastOfBlock
        ? []
        : Enumerable.Range(0, Blocks).Select(i => values[(int)((long)values.Length * i / Blocks)..(int)((long)values.Length * (i + 1) / Blocks)]);

    private static IReadOnlyList<double> Rates(double[] finished, int rows, BenchResult result)
    {
        var answered = finished.Length == 0 ? 0 : Math.Max(0, 1 - ((double)result.Errors / finished.Length));
        var (rates, from) = (new List<double>(), 0d);
        foreach (var block in Cut(finished))
        {
            if (block[^1] > from)
                rates.Add(block.Length * rows * answered / (block[^1] - from) * 1e6);
            from = block[^1];
        }

        return rates;
    }
}
