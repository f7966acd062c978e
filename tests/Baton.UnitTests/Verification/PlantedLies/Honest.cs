using Baton.Statistics;
using Baton.Storage.Tables;
using Baton.UnitTests.Inference;
using Baton.Verification.Drafting;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>Honest handovers: of a model made here, of the flights, and of the small models of other kinds.</summary>
internal static class Honest
{
    private static readonly DateTime FirstDay = new(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Who pays a loan back late: rows drawn with a seed, scored by <see cref="CreditModel"/>.</summary>
    /// <param name="seed">Seed of the rows.</param>
    /// <param name="rows">Test rows.</param>
    /// <param name="model">The model; the honest one by default. Its own scores are the reference.</param>
    public static Handoff Credit(int seed, int rows = 3000, CreditModel? model = null)
    {
        model ??= new CreditModel();
        var random = new Random(seed);
        var truth = new CreditModel();
        var handoff = new Handoff { Model = "credit", ModelFile = [], Rows = Draw(random, rows, "t", FirstDay.AddDays(60)), Training = Draw(random, 500, "r", FirstDay) };
        handoff.Use(model.Build());
        Score(handoff, model, truth, random);
        return handoff;
    }

    /// <summary>Gives every row its truth, drawn from the true model, and the score that a model has for it.</summary>
    public static void Score(Handoff handoff, CreditModel model, CreditModel truth, Random random)
    {
        var count = handoff.Column<float>("amount").Length;
        var (labels, scores) = (new long[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            double[] numbers = [.. CreditModel.Numbers.Select(n => (double)handoff.Column<float>(n)[i])];
            labels[i] = random.NextDouble() < truth.Score(numbers, handoff.Column<string>("region")[i]) ? 1 : 0;
            scores[i] = model.Score(numbers, handoff.Column<string>("region")[i]);
        }

        handoff.Rows["label"] = labels;
        handoff.Rows["score"] = scores;
        handoff.Metrics["roc_auc"] = Metrics.Find("roc_auc")!.Compute(new Observations([.. labels.Select(l => (double)l)], scores)).Value!.Value;
    }

    /// <summary>The flights of a version of the sample.</summary>
    public static async Task<Handoff> FlightsAsync(string version)
    {
        var claims = FlightsSample.Claims(version).ReferencePredictions!.Columns;
        var handoff = await ReadAsync("flight-delay", Path.Combine(FlightsSample.Folder(version), "model.onnx"), FlightsSample.Reference(version), new ColumnChoice { Id = claims.Id, Label = claims.Label, Prediction = claims.Prediction, Score = claims.Score });
        handoff.Clauses = "  reproduces: {within: 0.0001, rows: {min: 99.5 %}}\n  metrics: {roc_auc: {min: 0.60, group_by: date}}\n";
        return handoff;
    }

    /// <summary>One of the small models: digits, wine, diabetes, licences.</summary>
    public static Task<Handoff> SmallAsync(string name, string clauses)
    {
        var score = name == "licences" ? "score" : null;
        return ReadAsync(name, TestModels.Small($"{name}.onnx"), TestModels.Small($"{name}-test.parquet"), new ColumnChoice { Id = "id", Label = "label", Prediction = "prediction", Score = score }, clauses);
    }

    private static async Task<Handoff> ReadAsync(string model, string modelFile, string rows, ColumnChoice columns, string? clauses = null)
    {
        var table = await ParquetFile.ReadAsync(rows);
        var handoff = new Handoff
        {
            Model = model,
            ModelFile = await File.ReadAllBytesAsync(modelFile),
            Rows = table.Columns.ToDictionary(c => c.Name, c => c.Values),
            Columns = columns with { Score = columns.Score is { } score && table.Find(score) is not null ? score : null },
        };
        if (handoff.Rows.ContainsKey("id") is false)
            handoff.Rows["id"] = Enumerable.Range(0, table.Rows).Select(i => $"row{i}").ToArray();
        handoff.Clauses = clauses ?? handoff.Clauses;
        return handoff;
    }

    private static Dictionary<string, Array> Draw(Random random, int rows, string prefix, DateTime from)
    {
        float Normal(double mean, double deviation, double low) =>
            (float)Math.Max(low, mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
        return new Dictionary<string, Array>
        {
            ["id"] = Enumerable.Range(0, rows).Select(i => $"{prefix}{i:D6}").ToArray(),
            ["day"] = Enumerable.Range(0, rows).Select(i => from.AddDays(i * 30 / rows)).ToArray(),
            ["amount"] = Enumerable.Range(0, rows).Select(_ => Normal(500, 200, 10)).ToArray(),
            ["age"] = Enumerable.Range(0, rows).Select(_ => Normal(40, 12, 18)).ToArray(),
            ["income"] = Enumerable.Range(0, rows).Select(_ => Normal(3000, 900, 300)).ToArray(),
            ["region"] = Enumerable.Range(0, rows).Select(_ => CreditModel.Regions[random.Next(4)]).ToArray(),
            ["gender"] = Enumerable.Range(0, rows).Select(_ => random.Next(2) == 0 ? "f" : "m").ToArray(),
        };
    }
}
