using System.Text.Json;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Platform.Errors;
using Baton.Server.Verification;
using Baton.Storage.Tables;
using Baton.Testing;
using Xunit;
using ModelName = Baton.Server.Registry.ModelName;

namespace Baton.ServerTests;

public sealed class HoldoutTests
{
    private static readonly ModelName M = ModelName.Parse("m");
    private static readonly ReferenceColumns Columns = new() { Id = "row_id", Label = "late" };

    [Theory, EachDatabase]
    public async Task A_verification_carries_the_holdout_that_the_contract_names_and_each_is_a_use_of_its_bytes(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var first = await server.Client.PutHoldoutAsync("m", "autumn", Columns, await ParquetAsync("a"));
        Assert.Equal((0, "late"), (first.Uses, first.Columns.Label));
        await server.HandOverAsync("m", ContractWithHoldout);
        Assert.Equal(new HoldoutDataset("autumn", first.Sha256, 1, Columns), (await NextAsync(server)).Holdout);
        await server.Client.VerifyAsync("m", "1");
        Assert.Equal(2, (await NextAsync(server)).Holdout!.Uses);
        Assert.Equal(2, Assert.Single(await server.Client.ListHoldoutsAsync("m")).Uses);

        // Other bytes under the name are unused; the agent reads them by their digest.
        var second = await server.Client.PutHoldoutAsync("m", "autumn", Columns, await ParquetAsync("b"));
        Assert.Equal(0, second.Uses);
        await server.Client.VerifyAsync("m", "1");
        var used = (await NextAsync(server)).Holdout!;
        Assert.Equal((second.Sha256, 1), (used.Sha256, used.Uses));
        using var directory = new TempDirectory();
        await server.Agent.DownloadBlobAsync(second.Sha256, directory.File("h"));
        Assert.Equal("holdout.uploaded", (await server.Client.ReadLedgerAsync("models/m")).Entries.Last(e => e.Action.StartsWith("holdout", StringComparison.Ordinal)).Action);
    }

    [Theory, EachDatabase]
    public async Task Only_the_service_side_reads_or_writes_a_holdout_and_the_digest_is_no_way_round(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = false });
        // The local user is the author here.
        await server.Client.PutClaimsAsync("m", "1", await server.ClaimsOfAsync(version));
        Assert.Equal("not_allowed", (await Assert.ThrowsAsync<BatonApiException>(async () => await server.Client.PutHoldoutAsync("m", "autumn", Columns, await ParquetAsync("a")))).Code);
        var put = server.Verb<PutHoldout>();
        var holdout = await put.HandleAsync(TestServer.As("eve"), M, "autumn", Columns, await ParquetAsync("a"), null, default);
        Assert.Equal(holdout.Digest, (await put.OpenAsync(TestServer.As("eve"), M, "autumn", default)).Digest);
        using var read = await server.Http.GetAsync("api/v1/models/m/holdouts/autumn");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, read.StatusCode);
        using var byDigest = await server.Http.GetAsync($"api/v1/blobs/{holdout.Digest}");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, byDigest.StatusCode);

        // Named signers are the service side, whatever else they did.
        await server.Client.SetHandoffPolicyAsync(new Client.HandoffPolicy { Solo = true, ServiceSigners = ["user:sam"] });
        Assert.Equal(ProblemCode.NotAllowed, (await Assert.ThrowsAsync<Refusal>(() => put.OpenAsync(TestServer.As("eve"), M, "autumn", default))).Code);
        await put.OpenAsync(TestServer.As("sam"), M, "autumn", default);
    }

    [Theory, EachDatabase]
    public async Task A_holdout_that_is_no_table_or_lacks_a_column_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Client.EnsureRegisteredModelAsync("m");
        var garbage = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PutHoldoutAsync("m", "autumn", Columns, new MemoryStream("no parquet"u8.ToArray())));
        Assert.Equal("invalid_request", garbage.Code);
        Assert.DoesNotContain(server.BlobDirectory, garbage.Message, StringComparison.Ordinal);
        var lacking = await Assert.ThrowsAsync<BatonApiException>(async () => await server.Client.PutHoldoutAsync("m", "autumn", Columns with { Score = "p" }, await ParquetAsync("a")));
        Assert.Contains("no column p; it has row_id, late", lacking.Message, StringComparison.Ordinal);
        Assert.Equal("invalid_request", (await Assert.ThrowsAsync<BatonApiException>(async () => await server.Client.PutHoldoutAsync("m", "a:b", Columns, await ParquetAsync("a")))).Code);
        Assert.Empty(await server.Client.ListHoldoutsAsync("m"));
        // Without one the verification carries none, and its clause says so.
        await server.HandOverAsync("m", ContractWithHoldout);
        Assert.Null((await NextAsync(server)).Holdout);
    }

    [Theory, EachDatabase]
    public async Task Data_that_claims_name_are_sealed_with_them(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var version = await server.RegisterAsync("m");
        var run = await server.Client.GetRunAsync(version.RunId!);
        var claims = (await server.ClaimsOfAsync(version)) with { Data = [new DatasetClaim { Role = "training", Name = "flights", Path = "data/train.parquet" }] };
        var missing = await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PutClaimsAsync("m", "1", claims));
        Assert.Contains("training data 'data/train.parquet'", missing.Message, StringComparison.Ordinal);
        await server.Client.PutArtifactAsync(run.Info.ArtifactUri, "data/train.parquet", new MemoryStream("rows"u8.ToArray()));
        var other = claims with { Data = [claims.Data[0] with { Sha256 = Digests.Sha256("other rows") }] };
        Assert.Contains(Digests.Sha256("rows"), (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.PutClaimsAsync("m", "1", other))).Message, StringComparison.Ordinal);

        var stated = await server.Client.PutClaimsAsync("m", "1", claims);
        Assert.Equal(Digests.Sha256("rows"), stated.Claims.Data[0].Sha256);
        await server.Client.PutArtifactAsync(run.Info.ArtifactUri, "data/train.parquet", new MemoryStream("changed"u8.ToArray()));
        using var directory = new TempDirectory();
        await server.Agent.DownloadBlobAsync(Digests.Sha256("rows"), directory.File("p"));
    }

    [Theory, EachDatabase]
    public async Task Evidence_of_what_has_changed_since_is_shown_as_stale(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (version, _) = await server.HandOverAsync("m", TestServer.ContractOf("m", compared: true));
        var fresh = await server.VerifyNextAsync(Verdict.Pass);
        Assert.Null(fresh.Stale);
        await server.Client.PutClaimsAsync("m", "1", (await server.ClaimsOfAsync(version)) with { Seed = "7" });
        Assert.Equal(["claims"], (await server.Client.GetVerificationAsync(fresh.Id)).Stale);
        await server.HandOverAsync("m", TestServer.ContractOf("m", compared: true));
        await server.VerifyNextAsync(Verdict.Pass);
        await server.Client.PromoteAsync("m", "2", "production");
        Assert.Equal(["claims", "production"], (await server.Client.ListVerificationsAsync("m", "1"))[0].Stale);
        await server.PutInForceAsync("m", TestServer.ContractOf("m"));
        Assert.Equal(["contract", "claims"], (await server.Client.ListVerificationsAsync("m", "1"))[0].Stale);
    }

    private const string ContractWithHoldout = "model: m\nclauses:\n  metrics: {roc_auc: {min: 0.6}}\n  data: {holdout: {name: autumn, max_uses: 3}}\n";

    /// <summary>Takes the next job and answers it; what it asked for.</summary>
    private static async Task<VerificationRequest> NextAsync(TestServer server)
    {
        var job = await server.Agent.ClaimJobAsync("test", ["verification"], TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException("No job came.");
        var request = job.Payload.Deserialize<VerificationRequest>(Documents.Compact)!;
        await server.Agent.CompleteJobAsync(job.Id, job.Attempt, TestServer.EvidenceFor(request, Verdict.Pass));
        return request;
    }

    private static async Task<MemoryStream> ParquetAsync(string id)
    {
        var file = new MemoryStream();
        await ParquetFile.WriteAsync(file, new Table([new Column("row_id", (string[])[id, id + "2"]), new Column("late", (long[])[0, 1])]));
        return new MemoryStream(file.ToArray());
    }
}
