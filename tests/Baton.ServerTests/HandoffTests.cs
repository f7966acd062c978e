using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class HandoffTests
{
    [Theory, EachDatabase]
    public async Task A_typo_in_a_contract_is_told_with_line_column_and_the_likely_word(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var refused = await Assert.ThrowsAsync<BatonApiException>(
            () => server.Client.ProposeContractAsync("m", "model: m\nclauses:\n  reproduces: {wihtin: 0.1}\n"));
        Assert.Equal("invalid_contract", refused.Code);
        var fault = Assert.Single(refused.Errors);
        Assert.Equal((3, 16), (fault.Line, fault.Column));
        Assert.Contains("within", fault.Message, StringComparison.Ordinal);
        Assert.Empty(await server.Client.ListContractsAsync("m"));
    }

    [Theory, EachDatabase]
    public async Task A_contract_is_in_force_when_both_sides_signed_and_supersedes_the_one_before(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var first = await server.Client.ProposeContractAsync("m", TestServer.ContractOf("m"));
        Assert.Equal(ContractStatus.Proposed, (await server.Client.SignContractAsync("m", first.Digest, ContractSide.Model)).Status);
        Assert.Equal(ContractStatus.InForce, (await server.Client.SignContractAsync("m", first.Digest, ContractSide.Service)).Status);

        var again = await server.Client.ProposeContractAsync("m", "# a comment changes nothing\n" + TestServer.ContractOf("m"));
        Assert.Equal((first.Digest, ContractStatus.InForce), (again.Digest, again.Status));

        await server.PutInForceAsync("m", TestServer.ContractOf("m", latency: "5 ms"));
        var statuses = (await server.Client.ListContractsAsync("m")).Select(c => c.Status).Order();
        Assert.Equal([ContractStatus.InForce, ContractStatus.Superseded], statuses);

        var entry = (await server.Client.ReadLedgerAsync("models/m")).Entries.Last(e => e.Action == "contract.in_force");
        Assert.True(entry.Detail!.Value.GetProperty("signed_by_one_person").GetBoolean());
    }

    [Theory, EachDatabase]
    public async Task Claims_of_another_package_are_refused_with_every_difference(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        var claims = await server.ClaimsOfAsync(version);
        var model = claims.Package.Files.Single(f => f.Path == "model.onnx");
        var other = claims with { Package = Manifest.Of([model with { Sha256 = Digests.Sha256("another") }, new ManifestFile("extra.txt", model.Sha256, 1)]) };
        var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PutClaimsAsync("m", "1", other));
        Assert.Equal("invalid_claims", refused.Code);
        Assert.Equal(["MLmodel", "extra.txt", "model.onnx"], refused.Errors.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Contains(model.Sha256, refused.Errors.Single(e => e.Path == "model.onnx").Message, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Reference_predictions_must_be_the_ones_claimed_and_stay_after_the_run_changes(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        var run = await server.Client.GetRunAsync(version.RunId!);
        await server.Client.PutArtifactAsync(run.Info.ArtifactUri, "evaluation/p.parquet", new MemoryStream("first"u8.ToArray()));
        var claims = (await server.ClaimsOfAsync(version)) with
        {
            ReferencePredictions = new ReferencePredictions
            {
                Path = "evaluation/p.parquet",
                Sha256 = Digests.Sha256("second"),
                Rows = 1,
                Columns = new ReferenceColumns { Id = "id", Label = "label" },
            },
        };
        var refused = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PutClaimsAsync("m", "1", claims));
        Assert.Contains(Digests.Sha256("first"), refused.Message, StringComparison.Ordinal);

        claims = claims with { ReferencePredictions = claims.ReferencePredictions with { Sha256 = Digests.Sha256("first") } };
        await server.Client.PutClaimsAsync("m", "1", claims);
        await server.Client.PutArtifactAsync(run.Info.ArtifactUri, "evaluation/p.parquet", new MemoryStream("second"u8.ToArray()));
        using var directory = new TempDirectory();
        await server.Agent.DownloadBlobAsync(Digests.Sha256("first"), directory.File("p"));
        Assert.Equal("first", await File.ReadAllTextAsync(directory.File("p")));
    }

    [Theory, EachDatabase]
    public async Task A_handoff_without_contract_or_claims_says_what_must_come_first(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        var noContract = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.SubmitHandoffAsync("m", ["1"]));
        Assert.Equal("not_ready", noContract.Code);
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        var noClaims = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.SubmitHandoffAsync("m", ["1"]));
        Assert.Contains("no claims yet", noClaims.Message, StringComparison.Ordinal);
    }
}
