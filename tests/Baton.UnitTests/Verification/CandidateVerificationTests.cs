using Baton.Contracts;
using Baton.Inference.Format;
using Baton.UnitTests.Verification.PlantedLies;
using Baton.Verification;
using Xunit;

namespace Baton.UnitTests.Verification;

/// <summary>Clauses on the credit model in real processes: what the planted lies do not show (passes, what is not run, what is undecided).</summary>
public sealed class CandidateVerificationTests : IDisposable
{
    private readonly Handoff _handoff = Honest.Credit(seed: 7, rows: 1500);

    public void Dispose() => _handoff.Dispose();

    [Fact]
    public async Task Every_clause_of_a_long_contract_comes_back_under_its_name()
    {
        _handoff.Clauses = """
              reproduces: {evidence: re-executed}
              metrics: {roc_auc: {min: 0.6, slices: {region: {min: 0.4}}}}
              fairness: {gender: {equal_opportunity_difference: {max: 0.3}}}
              data: {rows: {min: 1000}, key: id, time: day, unavailable: [paid], sensitive: [gender], holdout: {name: june}}
              robustness: {noise: {level: 5 %}, missing: {level: 5 %}, unknown_categories: {level: 5 %}, invariant: [gender], direction: {amount: {score: rise}, income: {score: fall}}, edge_cases: answer_or_refuse, batch: {within: 0.00001}, deterministic: {within: 0}}
              checks: {own: {command: ./own.sh}}
              package: {size: {max: 1 MiB}, parameters: {max: 1000}, opset: {max: 21}}
              provenance: {require: [commit]}
              security: {pickle: forbidden}

            """;
        var input = await _handoff.HandOverAsync() with { RunsCommands = false };
        var evidence = await Verifier.VerifyAsync(input, null, TestContext.Current.CancellationToken);

        Assert.Equal([.. input.Contract.ClauseNames, .. StandingChecks.Names.Except(input.Contract.ClauseNames)], evidence.Clauses.Select(c => c.Name));
        Assert.Equal(["data.holdout", "checks.own"], evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).Select(c => c.Name));
        Assert.Equal([Verdict.NotRun, Verdict.NotRun], evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).Select(c => c.Verdict));
        Assert.Contains("--run-commands", evidence.Clause("checks.own").Reason, StringComparison.Ordinal);
        Assert.Contains("amount", evidence.Clause("robustness.noise").Facts[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roc_auc: {min: 0.55}", 1, Verdict.Pass)]
    [InlineData("roc_auc: {min: 0.95}", 1, Verdict.Fail)]
    [InlineData("roc_auc: {min: 0.55}", 4, Verdict.Inconclusive)]
    public async Task A_holdout_is_measured_while_it_is_not_worn_out(string metric, int uses, Verdict expected)
    {
        _handoff.Clauses = $"  metrics: {{{metric}}}\n  data: {{holdout: {{name: june, max_uses: 3}}}}\n";
        var input = await _handoff.HandOverAsync();
        // The consumer's own rows; the file lies elsewhere than the author's.
        using var other = Honest.Credit(seed: 8, rows: 1500);
        var file = (await other.HandOverAsync()).ReferenceFile!;
        var digest = Digests.Sha256(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        var holdout = new HoldoutDataset("june", digest, uses, input.Claims.ReferencePredictions!.Columns);
        var evidence = await Verifier.VerifyAsync(input with { Holdout = holdout, HoldoutFile = file }, null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, evidence.Clause("data.holdout").Verdict);
        Assert.Contains(new Fact("uses", $"{uses} of 3"), evidence.Clause("data.holdout").Facts);
        var another = await Verifier.VerifyAsync(input with { Holdout = holdout with { Sha256 = Digests.Sha256("x") }, HoldoutFile = file }, null, TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.NotRun, another.Clause("data.holdout").Verdict);
    }

    [Fact]
    public async Task Without_the_training_data_its_clauses_are_not_run_and_say_what_to_hand_over()
    {
        _handoff.Training.Clear();
        _handoff.Clauses = "  data: {key: id, time: day}\n";
        var evidence = await Verifier.VerifyAsync(await _handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.All(["data.overlap", "data.time_order"], name => Assert.Equal(Verdict.NotRun, evidence.Clause(name).Verdict));
        Assert.Contains("name no training data", evidence.Clause("data.overlap").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_only_look_alike_are_told_and_not_judged()
    {
        foreach (var name in (string[])["amount", "age", "income", "region"])
            _handoff.Rows[name].SetValue(_handoff.Training[name].GetValue(0), 0);
        Honest.Score(_handoff, new CreditModel(), new CreditModel(), new Random(1));
        _handoff.Clauses = "  data: {key: id}\n";
        var evidence = await Verifier.VerifyAsync(await _handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Pass, evidence.Clause("data.overlap").Verdict);
        Assert.Contains(new Fact("rows alike by their features", "1 test row with the same features as a training row: t000000"), evidence.Clause("data.overlap").Facts);
    }

    [Fact]
    public async Task A_drop_that_straddles_its_bound_is_inconclusive_and_a_clause_without_its_columns_is_not_run()
    {
        _handoff.Clauses = "  metrics: {roc_auc: {min: 0.5}}\n  robustness: {noise: {level: 50 %, drop: {max: 0.03}}, direction: {shoe_size: {score: rise}}, invariant: [gender]}\n";
        var evidence = await Verifier.VerifyAsync(await _handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        var noise = evidence.Clause("robustness.noise");
        Assert.Equal((Verdict.Inconclusive, "rows"), (noise.Verdict, noise.MoreNeeded?.Unit));
        Assert.Equal(Verdict.NotRun, evidence.Clause("robustness.direction.shoe_size").Verdict);
        Assert.Equal(Verdict.Pass, evidence.Clause("robustness.invariant").Verdict);
    }

    [Fact]
    public async Task Weights_outside_the_package_are_not_looked_at()
    {
        _handoff.Use(new CreditModel
        {
            Finish = m =>
            {
                var weights = m.Graph.Initializer.Single(i => i.Name == "weights");
                weights.FloatData.Clear();
                weights.DataLocation = 1;
                weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../../../etc/passwd" });
            },
        }.Build());
        var evidence = await Verifier.VerifyAsync(await _handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Fail, evidence.Clause("reproduces").Verdict);
        Assert.Contains("which is not a file of the package", evidence.Clause("reproduces").Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.NotRun, evidence.Clause("metrics.roc_auc").Verdict);
    }

    [Fact]
    public async Task A_test_without_rows_fails_and_takes_nothing_else_down()
    {
        foreach (var (name, values) in _handoff.Rows.ToList())
            _handoff.Rows[name] = Array.CreateInstance(values.GetType().GetElementType()!, 0);
        _handoff.Clauses += "  robustness: {noise: {level: 5 %}}\n  data: {rows: {min: 1}}\n";
        var evidence = await Verifier.VerifyAsync(await _handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.Equal((Verdict.Fail, Verdict.Fail, Verdict.Fail), (evidence.Clause("reproduces").Verdict, evidence.Clause("metrics.roc_auc").Verdict, evidence.Clause("data.rows").Verdict));
        Assert.Equal((Verdict.NotRun, Verdict.Pass), (evidence.Clause("robustness.noise").Verdict, evidence.Clause("interface").Verdict));
    }

    [Theory]
    [InlineData("echo '{\"value\": 0.7, \"reason\": \"well\"}'", Verdict.Pass, "The value is 0.7000, within its bounds. It says: well")]
    [InlineData("echo '{\"value\": 0.2}'", Verdict.Fail, "below 0.50")]
    [InlineData("echo '{\"value\": 0.7, \"pass\": false}'", Verdict.Fail, "says no")]
    [InlineData("echo '{\"pass\": true}'", Verdict.Fail, "gave no value")]
    [InlineData("echo '{\"value\": NaN}'", Verdict.Fail, "not finite")]
    [InlineData("echo '{\"value\": \"0.7\"}'", Verdict.Fail, "not a finite number")]
    [InlineData("echo fine", Verdict.Fail, "not JSON: fine")]
    [InlineData("true", Verdict.Fail, "printed nothing")]
    [InlineData("echo oops >&2; exit 3", Verdict.Fail, "exit code 3: oops")]
    [InlineData("exec sleep 600", Verdict.Fail, "no answer within 2 s")]
    [InlineData("yes", Verdict.Fail, "more than 1 MiB")]
    [InlineData("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", Verdict.Fail, "more than the 200 MiB it may")]
    [InlineData("test -z \"$SECRET\" && test -f model.onnx && grep -q '\"predictions\":' && echo '{\"value\": 1}'", Verdict.Pass, "within its bounds")]
    public async Task A_command_passes_by_its_word_and_value_and_every_failure_is_told(string script, Verdict expected, string reason)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The command is a shell script.");
        _handoff.Files["own.sh"] = System.Text.Encoding.UTF8.GetBytes(script + "\n");
        _handoff.Clauses = "  checks: {own: {command: sh own.sh, min: 0.5, timeout: 2 s}}\n";
        var input = await _handoff.HandOverAsync();
        var evidence = await Verifier.VerifyAsync(
            input with { ModelProcess = input.ModelProcess with { MemoryLimitBytes = 200 << 20 } }, null, TestContext.Current.CancellationToken);

        var check = evidence.Clause("checks.own");
        Assert.True(check.Verdict == expected, check.Reason);
        Assert.Contains(reason, check.Reason, StringComparison.Ordinal);
        Assert.All(evidence.Clauses.Where(c => c.Name != "checks.own"), c => Assert.Equal(Verdict.Pass, c.Verdict));
    }

    [Fact]
    public async Task A_command_that_is_not_there_fails()
    {
        _handoff.Clauses = "  checks: {own: {command: ./nothing-here, min: 0.5}}\n";
        var evidence = await Verifier.VerifyAsync(await _handoff.HandOverAsync(), null, TestContext.Current.CancellationToken);

        Assert.Contains("cannot be started", evidence.Clause("checks.own").Reason, StringComparison.Ordinal);
    }
}
