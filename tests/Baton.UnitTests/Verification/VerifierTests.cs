using Baton.Contracts;
using Baton.Testing;
using Baton.Verification;
using Xunit;

namespace Baton.UnitTests.Verification;

/// <summary>Whole verifications of real models in real processes.</summary>
public sealed class VerifierTests : IDisposable
{
    private static readonly string[] Standing = ["files", "framework", "parameters", "interface", "size", "data.files", "claims", "provenance"];
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_champion_passes()
    {
        var steps = new List<VerificationProgress>();
        var evidence = await Verifier.VerifyAsync(FlightsSample.Input("champion"), new Steps(steps), default);

        Assert.Equal(["reproduces", "metrics.roc_auc", "latency", "memory", .. Standing], evidence.Clauses.Select(c => c.Name));
        Assert.All(evidence.Clauses, c => Assert.True(c.Verdict == Verdict.Pass, $"{c.Name}: {c.Verdict}: {c.Reason}"));
        Assert.Equal(Verdict.Pass, evidence.Verdict);

        var reproduces = evidence.Clause("reproduces");
        Assert.Equal((2L, EvidenceLevel.ReExecuted), (reproduces.DifferingRowCount, reproduces.Evidence));
        Assert.Equal("f001376", reproduces.DifferingRows[0].Id);
        Assert.Equal(0.045454, Math.Abs(reproduces.DifferingRows[0].Expected - reproduces.DifferingRows[0].Actual), 0.000001);

        var auc = evidence.Clause("metrics.roc_auc");
        Assert.Equal(0.65343479, auc.Measured!.Number!.Value, 8); // scikit-learn's figure for the scores of the ONNX model
        Assert.Equal(0.622, auc.Interval!.Low, 0.006);
        Assert.Equal(0.686, auc.Interval.High, 0.006);
        Assert.Contains(new Fact("groups (date)", "14"), auc.Facts);
        Assert.Equal(14, auc.Series.Single(s => s.Name == "this version").X.Count);

        Assert.InRange(evidence.Clause("latency").Measured!.Number!.Value, 0.001, 500);
        Assert.InRange(evidence.Clause("memory").Measured!.Number!.Value, 1, 256);
        Assert.StartsWith("ONNX Runtime ", evidence.Machine.Runtime, StringComparison.Ordinal);
        Assert.Equal(ContractCanon.Digest(FlightsSample.Contract), evidence.ContractDigest);
        Assert.Equal(FlightsSample.Claims("champion").Package.Digest, evidence.PackageDigest);
        Assert.Equal(Digests.Sha256(Documents.Write(FlightsSample.Claims("champion"))), evidence.ClaimsDigest);
        Assert.Equal(Documents.Write(evidence), Documents.Write(Documents.Read<Evidence>(Documents.Write(evidence))));

        Assert.Equal(steps.Select(s => s.Fraction).Order(), steps.Select(s => s.Fraction));
        Assert.Equal(1, steps[^1].Fraction);
    }

    [Fact]
    public async Task The_baseline_fails_for_it_is_worse_than_production()
    {
        var evidence = await Verifier.VerifyAsync(FlightsSample.Input("baseline", againstChampion: true), null, default);

        Assert.Equal(Verdict.Fail, evidence.Verdict);
        Assert.Equal("metrics.roc_auc", Assert.Single(evidence.Clauses, c => c.Verdict != Verdict.Pass).Name);
        var comparison = evidence.Clause("metrics.roc_auc").Comparison!;
        Assert.Equal((Verdict.Fail, "1", 12_000L), (comparison.Verdict, comparison.Version, comparison.Rows));
        Assert.Equal(0.61916190 - 0.65343479, comparison.Difference, 0.0000001);
        Assert.Equal(-0.061, comparison.Interval.Low, 0.008);
        Assert.Equal(-0.010, comparison.Interval.High, 0.008);
        Assert.Equal(FlightsSample.Claims("champion").Package.Digest, evidence.ProductionPackageDigest);
    }

    [Fact]
    public async Task The_challenger_is_inconclusive_and_the_report_says_how_many_days_more()
    {
        var evidence = await Verifier.VerifyAsync(FlightsSample.Input("challenger", againstChampion: true), null, default);

        Assert.Equal(Verdict.Inconclusive, evidence.Verdict);
        Assert.Equal(28, evidence.Clause("reproduces").DifferingRowCount);
        var auc = evidence.Clause("metrics.roc_auc");
        Assert.Equal(Verdict.Inconclusive, auc.Verdict);
        Assert.Equal(-0.025, auc.Comparison!.Interval.Low, 0.006);
        Assert.Equal(0.023, auc.Comparison.Interval.High, 0.006);
        Assert.Equal("date", auc.MoreNeeded!.Unit);
        Assert.InRange(auc.MoreNeeded.Count, 80, 300);
        Assert.Equal(["this version", "production", "roc", "precision_recall", "calibration", "confusion"], auc.Series.Select(s => s.Name));
    }

    [Fact]
    public async Task A_version_in_production_without_claims_leaves_the_comparison_undone_and_the_evidence_names_it()
    {
        var evidence = await Verifier.VerifyAsync(Quick(FlightsSample.Input("challenger")) with { UncomparableProduction = "7" }, null, default);

        Assert.Equal("7", evidence.ProductionVersion);
        var auc = Assert.Single(evidence.Clauses, c => c.Verdict != Verdict.Pass);
        Assert.Equal(("metrics.roc_auc", Verdict.NotRun), (auc.Name, auc.Verdict));
        Assert.Contains("hand it over first (baton handoff submit models:/flight-delay/7)", auc.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_onnx_fails_where_it_is_first_needed()
    {
        var input = FlightsSample.Copy("champion", _folder);
        await File.WriteAllTextAsync(_folder.File("model.onnx"), "<html>404 Not Found</html>");

        await ExpectNoModelAsync(input);
    }

    [Fact]
    public async Task A_truncated_model_fails_where_it_is_first_needed()
    {
        var input = FlightsSample.Copy("champion", _folder);
        await File.WriteAllBytesAsync(_folder.File("model.onnx"), (await File.ReadAllBytesAsync(_folder.File("model.onnx")))[..60_000]);

        await ExpectNoModelAsync(input);
    }

    [Fact]
    public async Task A_missing_model_fails_where_it_is_first_needed()
    {
        var input = FlightsSample.Copy("champion", _folder);
        File.Delete(_folder.File("model.onnx"));

        await ExpectNoModelAsync(input);
    }

    [Fact]
    public async Task A_model_file_outside_the_package_is_not_looked_at()
    {
        var input = FlightsSample.Copy("champion", _folder);
        var claims = input.Claims with { Framework = input.Claims.Framework with { ModelFile = "../" + Path.GetFileName(_folder.Path) + "/model.onnx" } };

        await ExpectNoModelAsync(input with { Claims = claims }, files: Verdict.Pass);
    }

    [Fact]
    public async Task An_input_that_the_claims_do_not_name_fails_the_interface_alone()
    {
        var input = Quick(FlightsSample.Input("champion"));
        var claims = input.Claims with { Interface = input.Claims.Interface with { Inputs = [.. input.Claims.Interface.Inputs.Where(i => i.Name != "hour")] } };
        var evidence = await Verifier.VerifyAsync(input with { Claims = claims }, null, default);

        Assert.Equal("interface", Assert.Single(evidence.Clauses, c => c.Verdict != Verdict.Pass).Name);
        Assert.Contains("input `hour` FP32 [-1,1]; the claims do not name it", evidence.Clause("interface").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_changed_after_the_claims_fails_by_its_digest()
    {
        var input = Quick(FlightsSample.Copy("champion", _folder));
        await File.AppendAllTextAsync(_folder.File("MLmodel"), "# changed\n");
        var evidence = await Verifier.VerifyAsync(input, null, default);

        Assert.Equal(["files", "size"], evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).Select(c => c.Name));
        Assert.Contains(input.Claims.Package.Files.Single(f => f.Path == "MLmodel").Sha256, evidence.Clause("files").Reason, StringComparison.Ordinal);
        Assert.NotEqual(input.Claims.Package.Digest, evidence.PackageDigest);
    }

    [Fact]
    public async Task Reference_predictions_that_are_others_fail_what_rests_on_them()
    {
        var input = FlightsSample.Input("champion") with { ReferenceFile = FlightsSample.Reference("baseline") };
        var evidence = await Verifier.VerifyAsync(input, null, default);

        Assert.Equal(
            [Verdict.Fail, Verdict.Fail, Verdict.NotRun, Verdict.NotRun, Verdict.Pass, Verdict.Pass, Verdict.Pass, Verdict.Pass, Verdict.Pass, Verdict.Fail, Verdict.Fail, Verdict.Pass],
            evidence.Clauses.Select(c => c.Verdict));
        Assert.Contains(input.Claims.ReferencePredictions!.Sha256, evidence.Clause("reproduces").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_rows_than_claimed_fail()
    {
        var input = Quick(FlightsSample.Input("champion"));
        var evidence = await Verifier.VerifyAsync(
            input with { Claims = input.Claims with { ReferencePredictions = input.Claims.ReferencePredictions! with { Rows = 12_002 } } }, null, default);

        Assert.Contains("Expected 12002 rows", evidence.Clause("reproduces").Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Fail, evidence.Clause("metrics.roc_auc").Verdict);
    }

    [Fact]
    public async Task A_metric_claimed_better_than_it_is_fails()
    {
        var input = Quick(FlightsSample.Input("champion"));
        var evidence = await Verifier.VerifyAsync(input with { Claims = input.Claims with { Metrics = new Dictionary<string, double> { ["roc_auc"] = 0.70 } } }, null, default);

        var auc = evidence.Clause("metrics.roc_auc");
        Assert.Equal(Verdict.Fail, auc.Verdict);
        Assert.StartsWith("Claimed 0.7000, but the predictions that were handed over give 0.6534.", auc.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claims_without_reference_predictions_leave_what_rests_on_them_undone()
    {
        var input = FlightsSample.Input("champion");
        var evidence = await Verifier.VerifyAsync(input with { Claims = input.Claims with { ReferencePredictions = null } }, null, default);

        Assert.Equal(Verdict.NotRun, evidence.Verdict);
        Assert.All(evidence.Clauses.Take(4), c => Assert.Equal(Verdict.NotRun, c.Verdict));
    }

    [Theory]
    [InlineData("sleep 600", "no answer came within")]
    [InlineData("kill -SEGV $$", "SIGSEGV")]
    [InlineData("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", "more than the 64 MiB it may")]
    public async Task A_model_process_that_hangs_crashes_or_eats_memory_fails_one_clause_and_the_rest_is_not_run(string script, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The misbehaving process is a shell script.");
        var input = FlightsSample.Input("champion") with
        {
            ModelProcess = FlightsSample.ModelProcess with
            {
                FileName = "/bin/sh",
                Arguments = ["-c", script],
                MemoryLimitBytes = 64 << 20,
                LoadTimeout = TimeSpan.FromSeconds(expected.StartsWith("no", StringComparison.Ordinal) ? 1 : 30),
            },
        };
        var evidence = await Verifier.VerifyAsync(input, null, default);

        Assert.Equal([Verdict.Fail, Verdict.NotRun, Verdict.NotRun, Verdict.NotRun], evidence.Clauses.Take(4).Select(c => c.Verdict));
        Assert.Contains(expected, evidence.Clause("reproduces").Reason, StringComparison.Ordinal);
        Assert.All(evidence.Clauses.Skip(4), c => Assert.Equal(Verdict.Pass, c.Verdict));
    }

    [Fact]
    public async Task A_contract_of_another_model_is_refused()
    {
        var input = FlightsSample.Input("champion");

        await Assert.ThrowsAsync<ArgumentException>(() => Verifier.VerifyAsync(input with { Contract = input.Contract with { Model = "churn" } }, null, default));
    }

    private static VerificationInput Quick(VerificationInput input) => input with { Contract = input.Contract with { Latency = null, Memory = null } };

    private static async Task ExpectNoModelAsync(VerificationInput input, Verdict files = Verdict.Fail)
    {
        var evidence = await Verifier.VerifyAsync(input, null, default);

        Assert.Equal([Verdict.Fail, Verdict.NotRun, Verdict.NotRun, Verdict.NotRun], evidence.Clauses.Take(4).Select(c => c.Verdict));
        Assert.Contains("model.onnx", evidence.Clause("reproduces").Reason, StringComparison.Ordinal);
        Assert.Contains("reproduces", evidence.Clause("latency").Reason, StringComparison.Ordinal);
        Assert.Equal(files, evidence.Clause("files").Verdict);
        Assert.All(["framework", "parameters", "interface"], name => Assert.Equal(Verdict.Fail, evidence.Clause(name).Verdict));
    }

    private sealed class Steps(List<VerificationProgress> steps) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value) => steps.Add(value);
    }
}
