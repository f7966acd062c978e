using Baton.Contracts;
using Baton.Verification.Clauses;
using Baton.Verification.Execution;
using Baton.Verification.Reference;

namespace Baton.Verification;

/// <summary>Running the candidate, and the version in production.</summary>
internal sealed partial class VerificationSession
{
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(20);

    /// <summary>What is verified.</summary>
    public VerificationInput Input => input;

    /// <summary>The candidate's package.</summary>
    public Package Package => package;

    /// <summary>The reference rows; null where there are none, or they are not what the claims say.</summary>
    public ReferenceRows? Rows => _rows;

    /// <summary>Why the reference rows cannot be used; null where they can, or there are none.</summary>
    public string? RowsFault => _rowsFault;

    /// <summary>The version in production, as far as it was run; null where there is none or nothing compares with it.</summary>
    public ProductionSide? Production => _production;

    /// <summary>The candidate after its run; only where <see cref="Obstacle"/> names nothing.</summary>
    public Candidate Candidate => _candidate ?? throw new InvalidOperationException("A candidate that did not run has an obstacle.");

    /// <summary>The candidate to ask further questions of, in a process of its own; each must be answered soon.</summary>
    public AnsweringModel Ask()
    {
        var soon = input.ModelProcess.CallTimeout < SoonEnough ? input.ModelProcess.CallTimeout : SoonEnough;
        return new AnsweringModel(Candidate.ModelPath, Candidate.Roles, input.ModelProcess with { CallTimeout = soon }, input.Time);
    }

    /// <summary>Runs the candidate on other rows than its reference predictions.</summary>
    /// <exception cref="ReferenceException">The rows do not fit the model.</exception>
    public async Task<RerunResult> RunOnAsync(ReferenceRows rows, string clause, double fraction, CancellationToken cancellation)
    {
        if (package is not { ModelPath: { } path, Description: { } description })
            return new RerunResult(null, package.Fault, "");
        Report(clause, $"running the model on {Phrases.Number(rows.Count)} rows", fraction);
        var rerun = await Rerun.RunAsync(path, description.Inputs, input.Claims.Interface, rows, input.ModelProcess, input.Time, _ => { }, cancellation);
        Ran(rerun.Runtime);
        return rerun;
    }

    /// <summary>Reads the reference predictions and runs the model on them; the version in production too where a clause compares with it.</summary>
    public async Task RunModelAsync(CancellationToken cancellation)
    {
        if (input.Claims.ReferencePredictions is not { } claimed)
            return;
        var first = NeedingAnswers().FirstOrDefault();
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
            _modelFault = rerun.Fault;
            Ran(rerun.Runtime);
            if (rerun.Answers is { } answers)
                _candidate = new Candidate(path, description, input.Claims.Interface, _rows, answers);
        }
        catch (ReferenceException e)
        {
            _rowsFault = e.Message;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What strangers hand over may break the reading in more ways than a list would have.
            _rowsFault = $"The reference predictions could not be used: {e.GetType().Name}: {e.Message.TrimEnd('.')}.";
        }

        if (_candidate is not null && input.Production is { } production && input.Contract.Metrics.Any(m => m.AgainstProduction is not null))
            await RunProductionAsync(production, cancellation);
    }

    /// <summary>The clause <c>reproduces</c>.</summary>
    public ClauseResult Reproduces(ReproducesClause clause) => Obstacle(ReproducesCheck.Name) is var (verdict, reason)
        ? ReproducesCheck.Unmeasured(clause, verdict, reason)
        : ReproducesCheck.Judge(clause, Candidate.Rows.Ids, Candidate.Rows.Stored, Candidate.Answers);

    /// <summary>The clauses that look at the model's answers, in the order in which they are measured.</summary>
    private IEnumerable<string> NeedingAnswers() => input.Contract.ClauseNames.Where(name =>
        name == ReproducesCheck.Name || new[] { "metrics.", "fairness.", "robustness.", "checks." }.Any(start => name.StartsWith(start, StringComparison.Ordinal)));

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
                ? new ProductionSide(production.Version, MetricSide.Of(rows, answers, null, input.Contract), null)
                : new ProductionSide(production.Version, null, rerun.Fault);
        }
        catch (ReferenceException e)
        {
            _production = new ProductionSide(production.Version, null, e.Message);
        }
    }
}
