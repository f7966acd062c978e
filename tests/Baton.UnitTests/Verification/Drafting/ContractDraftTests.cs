using Baton.Contracts;
using Baton.UnitTests.Inference;
using Baton.Verification.Drafting;
using Xunit;

namespace Baton.UnitTests.Verification.Drafting;

public sealed class ContractDraftTests
{
    [Fact]
    public async Task A_bound_is_proposed_that_the_candidate_keeps_with_room_and_the_text_says_why()
    {
        var file = TestModels.Flights("champion", "test-predictions.parquet");
        var claims = await ClaimsDraft.WriteAsync(new DraftSource { Model = "flight-delay", PackageDirectory = TestModels.Flights("champion"), ReferencePredictionsFile = file });

        var draft = await ContractDraft.WriteAsync(claims, "flight-delay", file, metric: null, groupBy: "date");

        var clause = Assert.Single(draft.Contract.Metrics);
        Assert.Equal(("roc_auc", "date"), (clause.Metric, clause.GroupBy));
        Assert.InRange(clause.Min!.Value, 0.57, 0.63);
        var read = ContractParser.ParseOrThrow(draft.Text);
        Assert.Equal(ContractCanon.Digest(draft.Contract), ContractCanon.Digest(read));
        var lines = draft.Text.Split('\n').ToList();
        var at = lines.FindIndex(l => l.Trim() == "roc_auc:");
        Assert.StartsWith("    # ", lines[at - 1], StringComparison.Ordinal);
        Assert.Contains("give 0.6534 (", draft.Text, StringComparison.Ordinal);
        Assert.Contains("# A default: set what the service needs.", draft.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_may_depend_on_each_other_are_pointed_out()
    {
        var file = TestModels.Flights("champion", "test-predictions.parquet");
        var claims = await ClaimsDraft.WriteAsync(new DraftSource { Model = "m", PackageDirectory = TestModels.Flights("champion"), ReferencePredictionsFile = file });

        var draft = await ContractDraft.WriteAsync(claims, "m", file, "brier_score", groupBy: null);

        Assert.Contains("group_by: date", draft.Notes["metrics.brier_score"], StringComparison.Ordinal);
        Assert.True(draft.Contract.Metrics[0].Max > 0.1);
        await Assert.ThrowsAsync<DraftException>(() => ContractDraft.WriteAsync(claims, "m", file, null, groupBy: "nowhere"));
    }

    [Fact]
    public async Task Without_predictions_the_defaults_stand_and_say_so()
    {
        var draft = await ContractDraft.WriteAsync(null, "m", null, null, null);

        Assert.Contains("Nothing was measured", draft.Notes["metrics.roc_auc"], StringComparison.Ordinal);
        Assert.Equal(4, draft.Contract.ClauseNames.Count());
    }
}
