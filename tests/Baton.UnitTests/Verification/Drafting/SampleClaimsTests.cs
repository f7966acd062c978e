using System.Security.Cryptography;
using System.Text.Json;
using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.Verification.Drafting;
using Xunit;

namespace Baton.UnitTests.Verification.Drafting;

/// <summary>The claims that lie beside the flights sample's models are those that are drafted from its files.</summary>
public sealed class SampleClaimsTests
{
    private static readonly string Flights = Path.Combine(Repository.Root, "samples", "flights");

    [Theory]
    [InlineData("champion")]
    [InlineData("baseline")]
    [InlineData("challenger")]
    public async Task Are_what_is_drafted_from_the_sample(string model)
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(Flights, model, "claims.json"));

        var claims = await DraftAsync(model, Documents.Read<Claims>(committed).Metrics);

        Assert.Equal(committed, JsonSerializer.Serialize(claims, Documents.Indented) + "\n");
    }

    [Theory]
    [InlineData("champion")]
    [InlineData("baseline")]
    [InlineData("challenger")]
    public async Task Report_the_metrics_of_the_notebooks_scores(string model)
    {
        var claims = Documents.Read<Claims>(await File.ReadAllTextAsync(Path.Combine(Flights, model, "claims.json")));
        var measured = await MetricsAsync(model, "score");

        Assert.Equal(measured.Keys.Order(), claims.Metrics.Keys);
        Assert.All(claims.Metrics, m => Assert.Equal(measured[m.Key], m.Value, 12));
    }

    // As scikit-learn gives them for the scores of the exported files.
    [Theory]
    [InlineData("champion", 0.6534347901840162, 0.3048251621297859, 0.14853161573410034, 0.4674528860277982)]
    [InlineData("baseline", 0.61916189761391, 0.2652344353777344, 0.15178149938583374, 0.47778657283698767)]
    [InlineData("challenger", 0.6566766515218527, 0.31053323838224506, 0.14835089445114136, 0.466880815448994)]
    public async Task The_metrics_here_are_scikit_learns(string model, double auc, double precision, double brier, double loss)
    {
        var metrics = await MetricsAsync(model, "onnx_score");

        Assert.Equal(auc, metrics["roc_auc"], 12);
        Assert.Equal(precision, metrics["average_precision"], 12);
        // Those two were summed in 32 bits.
        Assert.Equal(brier, metrics["brier_score"], 1e-6);
        Assert.Equal(loss, metrics["log_loss"], 1e-6);
    }

    internal static async Task<Dictionary<string, double>> MetricsAsync(string model, string score)
    {
        var table = await ParquetFile.ReadAsync(Path.Combine(Flights, model, "test-predictions.parquet"), ["label", score]);
        return NotebookMetrics.Of(table["label"].AsDoubles(), table[score].AsDoubles());
    }

    internal static async Task<Claims> DraftAsync(string model, IReadOnlyDictionary<string, double> metrics) => await ClaimsDraft.WriteAsync(new DraftSource
    {
        Model = "flight-delay",
        PackageDirectory = Path.Combine(Flights, model),
        ReferencePredictionsFile = Path.Combine(Flights, model, "test-predictions.parquet"),
        Metrics = metrics,
        Datasets =
        [
            await DatasetAsync("training", model == "challenger" ? "flights-10-31-january-2001" : "flights-january-2001", Path.Combine(Flights, "train-reference.parquet")),
            await DatasetAsync("test", "flights-1-14-february-2001", Path.Combine(Flights, model, "test-predictions.parquet")),
        ],
    });

    private static async Task<DatasetClaim> DatasetAsync(string role, string name, string file) => new()
    {
        Role = role,
        Name = name,
        Sha256 = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))),
        Rows = (await ParquetFile.HeadAsync(file)).Rows,
    };
}
