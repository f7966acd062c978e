using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Verification.Clauses;
using Baton.Verification.Execution;
using Baton.Verification.Reference;

namespace Baton.Verification;

/// <summary>
/// One verification under way: what has been run so far, and what stands in the way of the rest. A model that fails fails the first clause that
/// needs it; the clauses after it are not run and say so.
/// </summary>
internal sealed partial class VerificationSession(VerificationInput input, Package package, Machine machine, IProgress<VerificationProgress>? progress)
{
    private const int SampleRows = 256;
    private const string NoReference =
        "The claims name no reference predictions (inputs with the outputs that the training framework gave, and the truth). Hand them over.";

    // Enough for the memory of a model to show where the contract asks for no latency.
    private static readonly BenchPlan LightLoad = new(RequestsPerSecond: 50, RowsPerRequest: 1, Requests: 50, Seed: 1);

    private ReferenceRows? _rows;
    private Candidate? _candidate;
    private ProductionSide? _production = input.UncomparableProduction is { } version ? ProductionSide.WithoutClaims(input.Contract.Model, version) : null;
    private string? _rowsFault;
    private string? _modelFault = package.Fault;
    private string? _modelFaultAt;
    private double _done;

    /// <summary>What ran the model; null where nothing did.</summary>
    public string? Runtime { get; private set; }

    /// <summary>Digest of the package in production, as it lies on disk; null where it was not read.</summary>
    public string? ProductionPackageDigest { get; private set; }

    /// <summary>The clauses <c>latency</c> and <c>memory</c>, those that the contract has, in a fresh process.</summary>
    public async Task<IReadOnlyList<ClauseResult>> LatencyAndMemoryAsync(CancellationToken cancellation)
    {
        var (latency, memory) = (input.Contract.Latency, input.Contract.Memory);
        var test = latency is null && memory is null ? null : await TestLoadAsync(latency, cancellation);
        var results = new List<ClauseResult>();
        if (latency is not null)
        {
            results.Add(test?.Bench is { } bench ? LatencyCheck.Judge(latency, bench, machine)
                : LoadObstacle(LatencyCheck.Name) is var (verdict, reason) ? LatencyCheck.Unmeasured(latency, verdict, reason)
                : throw new InvalidOperationException("A load test without result names what stood in its way."));
        }

        if (memory is not null)
        {
            results.Add(test is { Loaded: { } loaded } ? MemoryCheck.Judge(memory, test.Empty, loaded)
                : test is { Failure: ModelProcessFailure.OutOfMemory stopped } ? MemoryCheck.Judge(memory, test.Empty, stopped)
                : LoadObstacle(MemoryCheck.Name) is var (verdict, reason) ? MemoryCheck.Unmeasured(memory, verdict, reason)
                : throw new InvalidOperationException("A load test without result names what stood in its way."));
        }

        return results;
    }

    private async Task<LoadTestResult?> TestLoadAsync(LatencyClause? latency, CancellationToken cancellation)
    {
        if (_modelFault is not null || _rows is not { Count: > 0 } rows || package is not { ModelPath: { } path, Description: { } description })
            return null;
        IReadOnlyList<Tensor> sample;
        try
        {
            sample = rows.Inputs(description.Inputs, 0, Math.Min(SampleRows, rows.Count));
        }
        catch (ReferenceException e)
        {
            _rowsFault = e.Message;
            return null;
        }

        var plan = latency is null ? LightLoad : LatencyCheck.Plan(latency, input.Seed);
        var name = latency is null ? MemoryCheck.Name : LatencyCheck.Name;
        Report(name, string.Create(CultureInfo.InvariantCulture, $"sending {plan.Requests:N0} requests at {plan.RequestsPerSecond:0.###}/s"), 0.65);
        var test = await LoadTest.RunAsync(
            path, sample, plan, bench => latency is null ? null : LatencyCheck.PlanAgain(latency, plan, bench), input.ModelProcess, input.Time, cancellation);
        Ran(test.Runtime);
        if (test.Failure is { } failure)
            _modelFault = $"The model failed {test.Doing}: {failure.Sentence.TrimEnd('.')}.";
        return test;
    }

    /// <summary>What keeps a clause on the reference rows from being measured; null where nothing does.</summary>
    public (Verdict Verdict, string Reason)? Obstacle(string clause) =>
        ModelObstacle(clause)
        ?? (_rowsFault is not null ? (Verdict.Fail, _rowsFault)
            : _rows is null ? (Verdict.NotRun, NoReference)
            : null);

    /// <summary>What keeps a clause on the load from being measured: without rows there is nothing to send, but that is no fault of the clause's.</summary>
    private (Verdict Verdict, string Reason)? LoadObstacle(string clause) =>
        ModelObstacle(clause) ?? (Verdict.NotRun, $"There are no rows to send: {_rowsFault ?? "the claims name no reference predictions, or none with a row."}");

    private (Verdict Verdict, string Reason)? ModelObstacle(string clause)
    {
        if (_modelFault is null)
            return null;
        _modelFaultAt ??= clause;
        return _modelFaultAt == clause ? (Verdict.Fail, _modelFault) : (Verdict.NotRun, $"Not measured, because the model failed at {_modelFaultAt}: {_modelFault}");
    }

    private void Ran(string runtime) => Runtime = runtime.Length > 0 ? runtime : Runtime;

    /// <summary>Tells what is being done.</summary>
    public void Report(string clause, string text, double fraction) => progress?.Report(new VerificationProgress(clause, text, _done = Math.Max(_done, fraction)));
}
