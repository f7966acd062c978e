using Baton.Contracts;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Comments;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ids;
using Baton.Server.Promotion;
using Baton.Server.Registry;

namespace Baton.Server.Ui;

/// <summary>A contract with its clauses, the newest evidence under it, and what people say.</summary>
internal sealed record ContractStory
{
    public required ContractRecord Contract { get; init; }

    /// <summary>Every contract of the model, newest first.</summary>
    public required IReadOnlyList<ContractRecord> All { get; init; }

    public required HandoffPolicy Policy { get; init; }

    /// <summary>What changed against the contract its number was counted from.</summary>
    public required IReadOnlyList<ContractChange> Changes { get; init; }

    public required IReadOnlyList<ClauseStory> Clauses { get; init; }

    /// <summary>Every version with its newest evidence, newest first.</summary>
    public required IReadOnlyList<VersionStanding> Standings { get; init; }

    /// <summary>The version whose evidence is shown: the one asked for, else the newest verified under this contract. Null where none was.</summary>
    public VersionStanding? Shown { get; init; }

    /// <summary>Comments on the contract itself.</summary>
    public required IReadOnlyList<Comment> Comments { get; init; }

    /// <summary>When this was read, microseconds.</summary>
    public required long Now { get; init; }

    public IReadOnlyList<ClauseStory> Open => [.. Clauses.Where(c => c.IsOpen)];

    /// <summary>Path of the contract, for comments.</summary>
    public string Path => $"models/{Contract.Model}/contracts/{Contract.Digest}";

    /// <summary>How many people still have to sign for a side.</summary>
    public int Missing(string side) => Math.Max(0, Policy.Needs(side) - Contract.Signatures.Count(s => s.Side == side));
}

/// <summary>Reads the story of a contract from every leg.</summary>
internal sealed class ReadContractStory(
    ReadRegistry registry, ReadModelStory models, ReadContracts contracts, ReadOffers offers, WaiveClause waivers, ReadComments comments, SetHandoffPolicy policy, TimeProvider time)
{
    public async Task<ContractStory> HandleAsync(Caller caller, string name, string? digest, long? version, CancellationToken cancellation)
    {
        var model = ModelName.Parse(name);
        var registered = await registry.ModelAsync(caller, model, cancellation);
        var all = await contracts.ListAsync(caller, model, cancellation);
        var contract = await contracts.FindAsync(caller, model, digest, cancellation)
            ?? (digest is null ? (all.Count > 0 ? all[0] : throw HandoffErrors.NoContract(name)) : throw Refusal.NotFound($"{name} has no contract {digest}."));
        var parsed = ContractParser.ParseOrThrow(contract.Document);
        var standings = await models.StandingsAsync(caller, registered, cancellation);
        var shown = version is { } asked
            ? standings.FirstOrDefault(s => s.Version.Version == asked) ?? throw RegistryErrors.NoVersion(name, asked)
            : standings.FirstOrDefault(s => s.Evidence?.ContractDigest == contract.Digest);
        var now = time.Micros();
        var (made, waived) = (await offers.ListAsync(caller, model, null, cancellation), await waivers.ListAsync(caller, model, null, cancellation));
        var said = await comments.ListAsync(caller, $"{model.Subject}/contracts/{contract.Digest}", cancellation);
        var before = all.FirstOrDefault(c => c.Digest == contract.ComparedWith);
        return new ContractStory
        {
            Contract = contract,
            All = all,
            Policy = await policy.ReadAsync(caller, cancellation),
            Changes = before is null ? [] : ContractDiff.Between(ContractParser.ParseOrThrow(before.Document), parsed),
            Clauses = [.. Demands.Of(parsed).Select(c => Clause(parsed, c.Clause, c.Demand, shown, made, waived, said, now))],
            Standings = standings,
            Shown = shown,
            Comments = [.. said.Where(c => !c.About.Contains("/clauses/", StringComparison.Ordinal))],
            Now = now,
        };
    }

    private static ClauseStory Clause(
        Contract contract, string name, string demand, VersionStanding? shown, IReadOnlyList<CounterOffer> offers, IReadOnlyList<Waiver> waivers, IReadOnlyList<Comment> comments, long now)
    {
        bool IsOf(string clause) => ClauseText.Find(contract, clause) == name;
        List<ClauseResult> found = [.. (shown?.Evidence?.Clauses ?? []).Where(c => IsOf(c.Name))];
        List<Waiver> given = [.. waivers.Where(w => IsOf(w.Clause))];
        return new ClauseStory(
            name, demand, ClauseText.Of(contract, name) ?? "", found, [.. offers.Where(o => IsOf(o.Clause))], given,
            [.. comments.Where(c => c.About.Split("/clauses/") is [_, var clause] && IsOf(clause))],
            found.Select(c => c.Name).Where(c => given.Exists(w => w.Waives(c, shown!.Version.Version, now))).ToHashSet());
    }
}
