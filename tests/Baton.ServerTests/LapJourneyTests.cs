using System.Net;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

/// <summary>From run to production under a contract, over HTTP; the test plays the agent.</summary>
public sealed class LapJourneyTests
{
    [Theory, EachDatabase]
    public async Task A_version_that_passes_reaches_production_and_one_that_fails_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var contract = TestServer.ContractOf("m", compared: true);

        var (first, handoff) = await server.HandOverAsync("m", contract);
        var verified = await server.VerifyNextAsync(Verdict.Pass);
        Assert.Equal(("finished", Verdict.Pass, handoff.Id), (Lower(verified.State), verified.Verdict, verified.HandoffId));
        await server.Client.PromoteAsync("m", first.Version, "staging");
        var promoted = await server.Client.PromoteAsync("m", first.Version, "production");
        Assert.Equal(("production", "passed", verified.EvidenceDigest), (promoted.Stage, promoted.Gate, promoted.EvidenceDigest));

        var (second, _) = await server.HandOverAsync("m", contract);
        var failed = await server.VerifyNextAsync(Verdict.Fail);
        Assert.Equal("1", failed.ProductionVersion);
        var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PromoteAsync("m", second.Version, "production"));
        Assert.Equal((HttpStatusCode.Conflict, "gate_refused", Verdict.Fail), (refused.Status, refused.Code, refused.Verdict));
        Assert.Contains("metrics.roc_auc was made up by the test", refused.Message, StringComparison.Ordinal);

        var stages = await server.Client.GetStagesAsync("m");
        Assert.Equal(("production", "1"), (Assert.Single(stages).Stage, stages[0].Version));
        var ledger = await server.Client.ReadLedgerAsync("models/m/versions/2");
        Assert.Equal(
            ["version.registered", "claims.submitted", "verification.queued", "verification.finished", "promotion.refused"],
            ledger.Entries.Select(e => e.Action));
        Assert.Equal(failed.EvidenceDigest, ledger.Entries[^1].Evidence);
        Assert.All(ledger.Entries, e => Assert.False(string.IsNullOrEmpty(e.Actor)));
    }

    [Theory, EachDatabase]
    public async Task A_version_without_a_contract_moves_freely_and_the_ledger_says_ungated(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("free");
        var promoted = await server.Client.PromoteAsync("free", version.Version, "production");
        Assert.Equal("ungated", promoted.Gate);
        var entry = (await server.Client.ReadLedgerAsync("models/free/versions/1")).Entries[^1];
        Assert.Equal("ungated", entry.Detail!.Value.GetProperty("gate").GetString());
    }

    [Theory, EachDatabase]
    public async Task The_evidence_is_kept_whole_and_its_verdict_follows_from_its_clauses(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var verified = await server.VerifyNextAsync(Verdict.Inconclusive);
        var read = await server.Client.GetVerificationAsync(verified.Id);
        Assert.Equal(Verdict.Inconclusive, read.Verdict);
        Assert.Equal(Verdict.Inconclusive, read.Evidence!.Verdict);
        Assert.Equal(verified.EvidenceDigest, Digests.Sha256(Documents.Write(read.Evidence)));
    }

    private static string Lower<T>(T state) => state!.ToString()!.ToLowerInvariant();
}
