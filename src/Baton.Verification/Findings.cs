using Baton.Contracts;
using Baton.Verification.Reference;

namespace Baton.Verification;

/// <summary>
/// What was found, clause by clause. A check that breaks costs its own clauses and no others, a clause that nobody measured is not run, and a clause whose
/// evidence is weaker than the contract asks for does not pass.
/// </summary>
internal sealed class Findings(Contract contract)
{
    private readonly List<ClauseResult> _found = [];

    /// <summary>Takes one result.</summary>
    public Task AddAsync(string clause, Func<ClauseResult> judge) => AddAsync([clause], () => Task.FromResult<IReadOnlyList<ClauseResult>>([judge()]));

    /// <summary>Takes one result.</summary>
    public Task AddAsync(string clause, Func<Task<ClauseResult>> judge) => AddAsync([clause], async () => [await judge()]);

    /// <summary>Takes the results of some clauses. Where the check breaks, they fail (what was handed over does not hold) or are not run (anything else).</summary>
    public async Task AddAsync(IReadOnlyCollection<string> clauses, Func<Task<IReadOnlyList<ClauseResult>>> judge)
    {
        try
        {
            _found.AddRange(await judge());
        }
        catch (ReferenceException e)
        {
            _found.AddRange(clauses.Select(name => Unmeasured(name, Verdict.Fail, e.Message)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // No list of what a check may meet in what strangers hand over would be whole; the other clauses are to be told all the same.
            _found.AddRange(clauses.Select(name => Unmeasured(name, Verdict.NotRun, $"The check broke off: {e.GetType().Name}: {e.Message.TrimEnd('.')}.")));
        }
    }

    /// <summary>The contract's clauses in its order, then the standing checks.</summary>
    public IReadOnlyList<ClauseResult> InOrder()
    {
        var demanded = contract.Demanded.ToList();
        var names = demanded.Select(d => d.Name).ToHashSet(StringComparer.Ordinal);
        return [.. demanded.Select(Settled), .. StandingChecks.Names.Where(name => !names.Contains(name)).SelectMany(name => _found.Where(c => c.Name == name))];
    }

    private ClauseResult Settled(DemandedClause demanded)
    {
        var result = _found.FirstOrDefault(c => c.Name == demanded.Name)
            ?? Unmeasured(demanded.Name, Verdict.NotRun, "Nothing here measures this clause; verify with an agent of a newer version.");
        return result.Verdict == Verdict.Pass && result.Evidence < demanded.LowestEvidence
            ? result with
            {
                Verdict = Verdict.NotRun,
                Reason = $"The contract accepts evidence from “{Rungs.Word(demanded.LowestEvidence.Value)}” on, and this is “{Rungs.Word(result.Evidence)}”. {result.Reason}",
            }
            : result;
    }

    private ClauseResult Unmeasured(string name, Verdict verdict, string reason) => Found.Unmeasured(name, Found.Demand(contract, name), EvidenceLevel.Declared, verdict, reason);
}

/// <summary>Rungs of the evidence ladder in words.</summary>
internal static class Rungs
{
    /// <summary>A rung as contracts write it, e.g. <c>re-executed</c>.</summary>
    public static string Word(EvidenceLevel level) => level == EvidenceLevel.ReExecuted ? "re-executed" : level.ToString().ToLowerInvariant();
}
