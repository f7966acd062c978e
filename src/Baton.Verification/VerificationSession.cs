using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Clauses;
using Baton.Verification.Load;
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

    private ReferenceRows? _rows;
    private Candidate? _candidate;
    private ProductionSide? _production = input.UncomparableProduction is { } version ? ProductionSide.WithoutClaims(input.Contract.Model, version) : null;
    private string? _rowsFault;
    private string? _modelFault = package.Fault;
    private string? _modelFaultAt;
    private double _done;

    /// <summary>What ran the model; null where nothing did.</summary>
    public string? Runtime { get; private set; }

    /// <summary>What really ran it under load; null where nothing did.</summary>
    public RuntimeFacts? RuntimeFacts { get; private set; }

    /// <summary>Digest of the package in production, as it lies on disk; null where it was not read.</summary>
    public string? ProductionPackageDigest { get; private set; }

    /// <summary>The clauses <c>latency</c>, <c>memory</c> and <c>hardware.*</c>, those that the contract has, each load in a fresh process.</summary>
    public async Task<IReadOnlyList<ClauseResult>> LatencyAndMemoryAsync(CancellationToken cancellation)
    {
        var service = new ServiceMeasurement(
            input.Contract, package.ModelPath, Sample(), input, machine, (name, text, fraction) => Report(name, text, 0.65 + (0.3 * fraction)));
        var results = await service.MeasureAsync(
            name =>
            {
                _modelFault ??= service.Fault;
                return LoadObstacle(name);
            }, cancellation);
        Ran(service.Runtime ?? "");
        RuntimeFacts = service.Facts;
        return results;
    }

    private IReadOnlyList<Tensor>? Sample()
    {
        if (_modelFault is not null || _rows is not { Count: > 0 } rows || package is not { Description: { } description })
            return null;
        try
        {
            return rows.Inputs(description.Inputs, 0, Math.Min(SampleRows, rows.Count));
        }
        catch (ReferenceException e)
        {
            _rowsFault = e.Message;
            return null;
        }
    }

    /// <summary>What keeps a clause on the reference rows from being measured; null where nothing does.</summary>
    public (Verdict Verdict, string Reason)? Obstacle(string clause) =>
        ModelObstacle(clause)
        ?? (_rowsFault is not null ? (Verdict.Fail, _rowsFault)
            : _rows is null ? (Verdict.NotRun, NoReference)
            : null);

    /// <summary>What keeps a clause on the load from being measured: without rows there is nothing to send, but that is no fault of the clause's.</summary>
    private (Verdict Verdict, string Reason) LoadObstacle(string clause) =>
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
