using Baton.Contracts;
using Baton.Contracts.Reports;

namespace Baton.UnitTests.Contracts.Reports;

/// <summary>A handover made by hand that has a bit of everything: each verdict, a comparison, rows that differ, hostile names, pictures.</summary>
internal static class ReportSample
{
    public const string Yaml = """
        model: flight-delay
        task: binary
        purpose: At departure, tell travellers whether they will be late.
        costs: {false_positive: 1, false_negative: 5, currency: EUR}
        owners:
          model: data-science
        clauses:
          reproduces:
            within: 0.0001
          metrics:
            roc_auc:
              min: 0.60
              group_by: date
              against_production: {min: -0.005}
              slices:
                carrier: {min: 0.55}
            brier_score:
              max: 0.16
          latency:
            p95: {max: 100 ms}
          memory:
            peak: {max: 256 MiB}

        """;

    public static Evidence Evidence { get; } = new()
    {
        Model = "flight-delay",
        Version = "2",
        ContractDigest = Digest('c'),
        ClaimsDigest = Digest('d'),
        PackageDigest = Digest('e'),
        ProductionVersion = "1",
        Verdict = Verdict.Fail,
        Machine = new Machine
        {
            Cpu = "Some CPU @ 2.0 GHz",
            Cores = 4,
            MemoryBytes = 8L << 30,
            OperatingSystem = "Linux 6.1",
            Runtime = "ONNX Runtime 1.31.1, CPU",
            LoadPerCore = 0.7,
        },
        StartedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        FinishedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 7, 250, TimeSpan.Zero),
        Clauses =
        [
            new()
            {
                Name = "reproduces", Verdict = Verdict.Fail, Evidence = EvidenceLevel.ReExecuted, Demanded = "all rows within 0.0001", Unit = "share of rows",
                Measured = 0.998, Bound = new Bound(Min: 1), Reason = "Only 99.8 % of 1,000 rows agree: <b>2 rows</b> differ | by more.", DifferingRowCount = 2,
                DifferingRows = [new("AA|1<script>alert(1)</script>\u0001", 0.25, 0.5), new("BB`2 @you", 0.75, double.NaN)],
            },
            new()
            {
                Name = "metrics.roc_auc", Verdict = Verdict.Inconclusive, Evidence = EvidenceLevel.ReExecuted, Demanded = "at least 0.60 (95 % interval by date)",
                Claimed = 0.653, Measured = 0.6534, Interval = new Interval(0.6301, 0.6767, 0.95), Bound = new Bound(Min: 0.6), Reason = "The interval straddles -0.005.",
                Comparison = new Comparison
                {
                    Version = "1", Production = 0.655, Difference = -0.0016, Interval = new Interval(-0.0103, 0.0068, 0.95), Bound = new Bound(Min: -0.005),
                    Verdict = Verdict.Inconclusive, Rows = 990,
                },
                MoreNeeded = new MoreNeeded(38, "date"), Facts = [new Fact("rows", "1,000"), new Fact("groups (date)", "14")],
                Series =
                [
                    new Series("this version", ["2009-01-01", "2009-01-02", "2009-01-03"], [0.61, 0.66, 0.64]), new Series("production", ["2009-01-01", "2009-01-02", "2009-01-03"], [0.62, null, 0.67]),
                    new Series(SeriesNames.Roc, ["0", "0.1", "0.4", "1"], [0, 0.3, 0.75, 1]), new Series(SeriesNames.PrecisionRecall, ["0.1", "0.5", "1"], [0.8, 0.5, 0.2]),
                    new Series(SeriesNames.Calibration, ["0.05", "0.15", "0.4", "0.8"], [0.04, 0.18, 0.35, 0.7]), new Series(SeriesNames.Confusion, SeriesNames.Cells, [700, 100, 120, 80]),
                ],
            },
            new()
            {
                Name = "metrics.roc_auc.slices.carrier", Verdict = Verdict.Pass, Evidence = EvidenceLevel.ReExecuted, Demanded = "at least 0.55, in every slice of at least 100 rows",
                Measured = 0.59, Bound = new Bound(Min: 0.55), Reason = "Every slice keeps its bound; the worst is UA.",
                Series =
                [
                    new Series("carrier", ["AA", "DL", "UA"], [0.66, 0.64, 0.59]), new Series(SeriesNames.Low, ["AA", "DL", "UA"], [0.62, 0.6, 0.56]), new Series(SeriesNames.High, ["AA", "DL", "UA"], [0.7, 0.68, 0.63]),
                ],
            },
            new()
            {
                Name = "metrics.brier_score", Verdict = Verdict.Pass, Evidence = EvidenceLevel.ReExecuted, Demanded = "at most 0.16 (95 % interval by row)",
                Measured = 0.141, Interval = new Interval(0.135, 0.148, 0.95), Bound = new Bound(Max: 0.16), Reason = "0.141, within 0.16.",
            },
            new()
            {
                Name = "latency", Verdict = Verdict.Pass, Evidence = EvidenceLevel.Measured, Demanded = "p95 at most 100 ms at 20 requests/s", Unit = "ms",
                Measured = 4.2, Interval = new Interval(3.9, 5.1, 0.95), Bound = new Bound(Max: 100), Reason = "p95 is 4.2 ms.",
                Series = [new Series("this version", ["p50", "p75", "p90", "p95", "p99"], [2.1, 2.6, 3.5, 4.2, 9.8]), new Series(SeriesNames.Histogram, ["2", "4", "8", "16"], [40, 300, 50, 3])],
            },
            new()
            {
                Name = "memory", Verdict = Verdict.NotRun, Evidence = EvidenceLevel.Measured, Demanded = "peak at most 256 MiB", Unit = "MiB", Bound = new Bound(Max: 256),
                Reason = "Not measured, because the model failed at latency.",
            },
            new()
            {
                Name = "files", Verdict = Verdict.Pass, Evidence = EvidenceLevel.Extracted, Demanded = "the files that the claims name", Claimed = Digest('e'), Measured = Digest('e'), Reason = "All 2 files are those.",
            },
            new()
            {
                Name = "interface", Verdict = Verdict.Pass, Evidence = EvidenceLevel.Extracted, Demanded = "as claimed", Claimed = "1 input, 1 output", Measured = "1 input, 1 output", Reason = "The same.",
            },
        ],
    };

    public static Claims Claims { get; } = new()
    {
        Model = "flight-delay",
        Version = "2",
        RunId = "0123456789abcdef0123456789abcdef",
        Package = Manifest.Of([new("model.onnx", Digest('1'), 12_345), new("MLmodel", Digest('2'), 400)]),
        Framework = new FrameworkClaim
        {
            Format = "onnx",
            ModelFile = "model.onnx",
            Name = "skl2onnx",
            Version = "1.18.0",
            Precision = "fp32",
            IrVersion = 10,
            Opsets = new SortedDictionary<string, long> { ["ai.onnx"] = 21, ["ai.onnx.ml"] = 3 },
        },
        Parameters = new ParameterClaim(1234, new SortedDictionary<string, long> { ["tree_thresholds"] = 1234 }),
        Interface = new InterfaceClaim
        {
            Inputs = [new TensorClaim("dep_delay", "FP32", [-1, 1]) { Min = -60, Max = 2000, Unit = "min" }],
            Outputs = [new TensorClaim("probabilities", "FP32", [-1, 2])],
            Score = "probabilities[1]",
        },
        Metrics = new SortedDictionary<string, double> { ["roc_auc"] = 0.653 },
        Code = new CodeClaim { Commit = "9c1f0d2f00000000000000000000000000000000", Repository = "https://example.org/flights.git", Dirty = false },
        Environment = new SortedDictionary<string, string> { ["python"] = "3.12.4" },
        Seed = "42",
        Licence = "Apache-2.0",
        Data = [new DatasetClaim { Role = "training", Name = "flights-2008", Sha256 = Digest('7'), Rows = 12_000 }, new DatasetClaim { Role = "test", Name = "flights-2009" }],
        ReferencePredictions = new ReferencePredictions { Path = "test.parquet", Sha256 = Digest('8'), Rows = 1000, Columns = new ReferenceColumns { Id = "id", Label = "late", Score = "score" } },
    };

    public static ReportSubject Subject { get; } =
        new(Evidence) { Contract = ContractParser.ParseOrThrow(Yaml), ContractText = Yaml, ContractPath = "contracts/my flights/contract.yaml", Claims = Claims };

    private static string Digest(char digit) => "sha256:" + new string(digit, 64);
}
