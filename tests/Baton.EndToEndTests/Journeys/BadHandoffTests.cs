using Baton.Client;
using Baton.Contracts;
using Baton.Testing;
using Xunit;

namespace Baton.EndToEndTests.Journeys;

/// <summary>Handoffs that are wrong, through the whole system: each is caught at its own clause, and the same agent goes on.</summary>
public sealed class BadHandoffTests(BadHandoffTests.Fixture fixture) : IClassFixture<BadHandoffTests.Fixture>
{
    private static readonly string Champion = Path.Combine(Repository.Root, "samples", "flights", "champion");

    [Fact]
    public async Task An_honest_handoff_passes_beside_them()
    {
        var evidence = await HandOverAsync("honest", _ => { }, claims => claims);
        Assert.True(evidence.Verdict == Verdict.Pass, string.Join('\n', evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).Select(c => $"{c.Name}: {c.Reason}")));
        Assert.Equal(["f001376", "f005789"], evidence.Clauses.Single(c => c.Name == "reproduces").DifferingRows.Select(r => r.Id));
    }

    [Fact]
    public async Task A_file_that_is_not_ONNX_fails_with_what_it_is()
    {
        var evidence = await HandOverAsync("not-onnx", folder => File.WriteAllText(Path.Combine(folder, "model.onnx"), "a plain text\n"), claims => claims);
        AssertFails(evidence, "reproduces", "text");
    }

    [Fact]
    public async Task A_truncated_model_fails()
    {
        var evidence = await HandOverAsync("truncated", folder => Truncate(Path.Combine(folder, "model.onnx"), 60_000), claims => claims);
        AssertFails(evidence, "reproduces", "");
    }

    [Fact]
    public async Task An_input_that_the_claims_do_not_name_fails_the_interface()
    {
        var evidence = await HandOverAsync(
            "unnamed-input", _ => { }, claims => claims with { Interface = claims.Interface with { Inputs = [.. claims.Interface.Inputs.Where(i => i.Name != "distance")] } });
        AssertFails(evidence, "interface", "distance");
    }

    [Fact]
    public async Task A_metric_claimed_better_than_it_is_fails_with_both_numbers()
    {
        var evidence = await HandOverAsync(
            "inflated", _ => { }, claims => claims with { Metrics = new Dictionary<string, double> { ["roc_auc"] = 0.70 } });
        AssertFails(evidence, "metrics.roc_auc", "0.70");
        AssertFails(evidence, "metrics.roc_auc", "0.6534");
    }

    [Fact]
    public async Task Reference_predictions_with_other_rows_than_claimed_fail_with_both_counts()
    {
        var evidence = await HandOverAsync(
            "rows", _ => { }, claims => claims with { ReferencePredictions = claims.ReferencePredictions! with { Rows = 11_998 } });
        var reason = evidence.Clauses.Single(c => c.Name == "reproduces");
        Assert.Equal(Verdict.Fail, reason.Verdict);
        Assert.Contains("11998", reason.Reason, StringComparison.Ordinal);
        Assert.Contains("12000", reason.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_changed_on_the_servers_disk_after_sealing_fails_with_its_digest()
    {
        var digest = "";
        var evidence = await HandOverAsync("tampered", folder => File.AppendAllText(Path.Combine(folder, "MLmodel"), "# of its own, so that no agent has it yet\n"), claims =>
        {
            digest = claims.Package.Files.Single(f => f.Path == "MLmodel").Sha256;
            var stored = Directory.EnumerateFiles(Path.Combine(fixture.Baton.Data, "blobs"), Digests.Hex(digest), SearchOption.AllDirectories).Single();
            File.SetUnixFileMode(stored, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var bytes = File.ReadAllBytes(stored);
            bytes[10] ^= 1;
            File.WriteAllBytes(stored, bytes);
            return claims;
        });
        AssertFails(evidence, "files", digest);
    }

    private async Task<Evidence> HandOverAsync(string model, Action<string> change, Func<Claims, Claims> claim)
    {
        using var folder = new TempDirectory();
        foreach (var file in Directory.EnumerateFiles(Champion))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        change(folder.Path);
        return await fixture.HandOverAsync(await fixture.RegisterAsync(model, folder.Path), folder.Path, claim);
    }

    private static void AssertFails(Evidence evidence, string clause, string said)
    {
        Assert.Equal(Verdict.Fail, evidence.Verdict);
        var result = evidence.Clauses.Single(c => c.Name == clause);
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains(said, result.Reason + string.Concat(result.Facts), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", result.Reason, StringComparison.Ordinal);
    }

    private static void Truncate(string path, long length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly TempDirectory _folder = new();
        private int _agent;

        internal RunningBaton Baton { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Baton = await RunningBaton.StartAsync(_folder.File("data"));
            await Wait.UntilAsync(() => Baton.Children().ContainsKey("agent"), TimeSpan.FromSeconds(20));
            _agent = Baton.Children()["agent"];
        }

        internal async Task<ModelVersion> RegisterAsync(string model, string folder)
        {
            var experiment = await Baton.Client.GetOrCreateExperimentAsync("bad handoffs");
            var run = await Baton.Client.CreateRunAsync(experiment.ExperimentId, model, []);
            foreach (var (file, path) in new[] { ("MLmodel", "model/MLmodel"), ("model.onnx", "model/model.onnx"), ("test-predictions.parquet", "evaluation/test-predictions.parquet") })
            {
                await using var bytes = File.OpenRead(Path.Combine(folder, file));
                await Baton.Client.PutArtifactAsync(run.Info.ArtifactUri, path, bytes);
            }

            await Baton.Client.EnsureRegisteredModelAsync(model);
            return await Baton.Client.CreateModelVersionAsync(model, $"runs:/{run.Info.RunId}/model", run.Info.RunId);
        }

        /// <summary>Drafts the claims from the honest champion, with the digests of what was registered, changes them, and waits for the evidence.</summary>
        internal async Task<Evidence> HandOverAsync(ModelVersion version, string folder, Func<Claims, Claims> claim)
        {
            var drafted = Documents.Read<Claims>(await File.ReadAllTextAsync(Path.Combine(Champion, "claims.json")));
            var model = await File.ReadAllBytesAsync(Path.Combine(folder, "model.onnx"));
            var card = await File.ReadAllBytesAsync(Path.Combine(folder, "MLmodel"));
            var claims = claim(drafted with
            {
                Model = version.Name,
                Package = Manifest.Of([new ManifestFile("model.onnx", Digests.Sha256(model), model.Length), new ManifestFile("MLmodel", Digests.Sha256(card), card.Length)]),
                ReferencePredictions = drafted.ReferencePredictions! with { Path = "evaluation/test-predictions.parquet" },
            });
            var contract = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "flights", "contract.yaml")))
                .Replace("model: flight-delay", $"model: {version.Name}", StringComparison.Ordinal);
            var proposed = await Baton.Client.ProposeContractAsync(version.Name, contract);
            await Baton.Client.SignContractAsync(version.Name, proposed.Digest, ContractSide.Model);
            await Baton.Client.SignContractAsync(version.Name, proposed.Digest, ContractSide.Service);
            await Baton.Client.PutClaimsAsync(version.Name, version.Version, claims);
            var handoff = await Baton.Client.SubmitHandoffAsync(version.Name, [version.Version]);
            VerificationRecord? ended = null;
            await Wait.UntilAsync(
                async () => (ended = (await Baton.Client.ListVerificationsAsync(version.Name, version.Version)).FirstOrDefault(v => v.HandoffId == handoff.Id)) is { FinishedAt: not null },
                TimeSpan.FromSeconds(180));
            Assert.Equal(_agent, Baton.Children()["agent"]);
            return (await Baton.Client.GetVerificationAsync(ended!.Id)).Evidence ?? throw new InvalidOperationException($"{ended.State}: {ended.Reason}");
        }

        public async ValueTask DisposeAsync()
        {
            await Baton.DisposeAsync();
            _folder.Dispose();
        }
    }
}
