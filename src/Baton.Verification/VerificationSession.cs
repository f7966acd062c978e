using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Clauses;
using Baton.Verification.Execution;
using Baton.Verification.Load;
using Baton.Verification.Reference;

namespace Baton.Verification;

/// <summary>
/// One verification under way: what has been run so far, and what stands in the way of the rest. A model that fails fails the first clause that
/// needs it; the clauses after it are not run and say so.
/// </summary>
internal sealed class VerificationSession(VerificationInput input, Package package, Machine machine, IProgress<VerificationProgress>? progress)
{
    private const int SampleRows = 256;
    private const string NoReference =
        "The claims name no reference predictions (inputs with the outputs that the training framework gave, and the truth). Hand them over.";

    private ReferenceRows? _rows;
    private Answers? _answers;
    private ProductionSide? _production = input.UncomparableProduction is { } version ? ProductionSide.WithoutClaims(input.Contract.Model, version) : null;
    private string? _rowsFault;
    private string? _modelFault = package.Fault;
    private string? _modelFaultAt;

    /// <summary>What ran the model; null where nothing did.</summary>
    public string? Runtime { get; private set; }

    /// <summary>What really ran it under load; null where nothing did.</summary>
    public RuntimeFacts? RuntimeFacts { get; private set; }

    /// <summary>Digest of the package in production, as it lies on disk; null where it was not read.</summary>
    public string? ProductionPackageDigest { get; private set; }

    /// <summary>Reads the reference predictions and runs the model on them; the version in production too where a clause compares with it.</summary>
    public async Task RunModelAsync(CancellationToken cancellation)
    {
        if (input.Claims.ReferencePredictions is not { } claimed)
            return;
        var first = input.Contract.Reproduces is not null ? ReproducesCheck.Name : input.Contract.Metrics.Select(MetricCheck.Name).FirstOrDefault();
        try
        {
            Report(first ?? LatencyCheck.Name, "reading the reference predictions", 0.02);
            _rows = await ReferenceRows.ReadAsync(input.ReferenceFile, claimed, cancellation);
            if (first is null || package is not { ModelPath: { } path, Description: { } description })
                return;
            Report(first, "loading the model in a clean process", 0.05);
            var rerun = await Rerun.RunAsync(
                path, description.Inputs, input.Claims.Interface, _rows, input.ModelProcess, input.Time,
                done => Report(first, $"running the model on {Phrases.Number(_rows.Count)} reference rows", 0.05 + (0.25 * done)), cancellation);
            (_answers, _modelFault) = (rerun.Answers, rerun.Fault);
            Ran(rerun.Runtime);
        }
        catch (ReferenceException e)
        {
            _rowsFault = e.Message;
        }

        if (_answers is not null && input.Production is { } production && input.Contract.Metrics.Any(m => m.AgainstProduction is not null))
            await RunProductionAsync(production, cancellation);
    }

    /// <summary>The clause <c>reproduces</c>.</summary>
    public ClauseResult Reproduces(ReproducesClause clause) => Obstacle(ReproducesCheck.Name) is { } obstacle
        ? ReproducesCheck.Unmeasured(clause, obstacle.Verdict, obstacle.Reason)
        : ReproducesCheck.Judge(clause, _rows!.Ids, _rows.Stored, _answers!);

    /// <summary>A clause on a metric.</summary>
    public ClauseResult Metric(MetricClause clause)
    {
        double? claimed = input.Claims.Metrics.TryGetValue(clause.Metric, out var value) ? value : null;
        if (Obstacle(MetricCheck.Name(clause)) is { } obstacle)
            return MetricCheck.Unmeasured(clause, claimed, obstacle.Verdict, obstacle.Reason);
        Report(MetricCheck.Name(clause), $"drawing intervals of {clause.Metric}", 0.55);
        try
        {
            var candidate = new MetricSide(_rows!.Ids, _rows.Labels(), clause.GroupBy is { } column ? _rows.Groups(column) : null, _answers!);
            return MetricCheck.Judge(clause, claimed, _rows.Stored, candidate, _production, (ulong)input.Seed);
        }
        catch (ReferenceException e)
        {
            return MetricCheck.Unmeasured(clause, claimed, Verdict.Fail, e.Message);
        }
    }

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

    private async Task RunProductionAsync(ProductionInput production, CancellationToken cancellation)
    {
        const string Clause = "metrics";
        Report(Clause, $"running version {production.Version}, in production, for the comparison", 0.32);
        try
        {
            var theirs = await Package.ReadAsync(production.PackageDirectory, production.Claims, production.ReferenceFile, cancellation);
            ProductionPackageDigest = theirs.Manifest.Digest;
            if (production.Claims.ReferencePredictions is not { } claimed)
                throw new ReferenceException("its claims name no reference predictions.");
            if (theirs is not { ModelPath: { } path, Description: { } description })
                throw new ReferenceException(theirs.Fault!);
            var rows = await ReferenceRows.ReadAsync(production.ReferenceFile, claimed, cancellation);
            var rerun = await Rerun.RunAsync(
                path, description.Inputs, production.Claims.Interface, rows, input.ModelProcess, input.Time,
                done => Report(Clause, $"running version {production.Version}, in production, on {Phrases.Number(rows.Count)} rows", 0.32 + (0.2 * done)), cancellation);
            _production = rerun.Answers is { } answers
                ? new ProductionSide(production.Version, new MetricSide(rows.Ids, rows.Labels(), null, answers), null)
                : new ProductionSide(production.Version, null, rerun.Fault);
        }
        catch (ReferenceException e)
        {
            _production = new ProductionSide(production.Version, null, e.Message);
        }
    }

    /// <summary>What keeps a clause on the reference rows from being measured; null where nothing does.</summary>
    private (Verdict Verdict, string Reason)? Obstacle(string clause) =>
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

    private void Report(string clause, string text, double fraction) => progress?.Report(new VerificationProgress(clause, text, fraction));
}
