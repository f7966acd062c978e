using System.Text.Json;
using Baton.Contracts;
using Xunit;

namespace Baton.EndToEndTests.Cli;

public sealed class QuickstartTests(QuickstartStory quickstart)
{
    [Fact]
    public async Task The_story_goes_as_it_is_told()
    {
        var story = await quickstart.ToldAsync();

        Assert.Empty(story.Summary.GetProperty("differences").EnumerateArray());
        Assert.Equal([Verdict.Pass, Verdict.Fail, Verdict.Inconclusive], story.Versions.Select(v => v.Verdict));
        Assert.Equal(["champion", "baseline", "challenger"], story.Summary.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        Assert.Equal("""{"staging":null,"production":"1"}""", JsonSerializer.Serialize(story.Summary.GetProperty("stages")));
        Assert.Equal([true, false, false], story.Summary.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("gate").GetProperty("open").GetBoolean()));
    }

    [Fact]
    public async Task Every_clause_says_what_was_claimed_and_measured_or_null()
    {
        var story = await quickstart.ToldAsync();

        foreach (var clause in story.Summary.GetProperty("versions").EnumerateArray().SelectMany(v => v.GetProperty("clauses").EnumerateArray()))
            Assert.All(["name", "verdict", "claimed", "measured", "interval", "unit", "reason"], field => Assert.True(clause.TryGetProperty(field, out _), $"{field} of {clause}"));
    }

    [Fact]
    public async Task The_runs_carry_what_a_notebook_logs()
    {
        var story = await quickstart.ToldAsync();
        using var client = new Baton.Client.BatonClient(story.Address);

        var run = await client.GetRunAsync(story.Summary.GetProperty("runs")[0].GetProperty("run_id").GetString()!);

        Assert.Contains(run.Data!.Params!, p => p is { Key: "trees", Value: "120" });
        Assert.Contains(run.Data.Metrics!, m => m.Key == "roc_auc" && Math.Abs(m.Value - 0.6534) < 1e-4);
        Assert.Contains(run.Data.Metrics!, m => m is { Key: "roc_auc_by_day", Step: 14 });
        Assert.Equal(["training", "test"], run.Inputs!.DatasetInputs!.Select(i => i.Tags.Single(t => t.Key == "mlflow.data.context").Value));
        Assert.All(run.Inputs.DatasetInputs!, i => Assert.True(Digests.IsDigest(i.Tags.Single(t => t.Key == "baton.sha256").Value)));
        Assert.Equal(
            ["evaluation/test-predictions.parquet", "model/MLmodel", "model/model.onnx"], await client.ListAllArtifactsAsync(run.Info.ArtifactUri));
    }
}
