using System.Globalization;
using System.Text.Json;
using Baton.Contracts;

namespace Baton.Quickstart;

/// <summary>One of the sample's three models, as its author knows it.</summary>
/// <param name="Name">Name of the run and of the folder: <c>champion</c>.</param>
/// <param name="Description">What it is.</param>
/// <param name="Parameters">What its author chose.</param>
internal sealed record SampleModel(string Name, string Description, IReadOnlyDictionary<string, string> Parameters);

/// <summary>The flights sample: real US flights of 2001; will one that departs now arrive more than 15 minutes late?</summary>
/// <param name="Directory">Where it lies.</param>
internal sealed record FlightsSample(string Directory)
{
    public const string Model = "flight-delay";

    private const string Features = "hour, weekday, distance, origin, destination";

    /// <summary>The three models, in the order of their versions.</summary>
    public static IReadOnlyList<SampleModel> Models { get; } =
    [
        new("champion", "Gradient boosting, 120 trees, trained on January", new Dictionary<string, string>
        {
            ["model_kind"] = "gradient boosting", ["trees"] = "120", ["training_window"] = "2001-01-01 to 2001-01-31", ["features"] = Features,
        }),
        new("baseline", "Logistic regression: the simplest thing that could do", new Dictionary<string, string>
        {
            ["model_kind"] = "logistic regression", ["training_window"] = "2001-01-01 to 2001-01-31", ["features"] = Features,
        }),
        new("challenger", "The champion's kind, with the late rate of the last 24 hours", new Dictionary<string, string>
        {
            ["model_kind"] = "gradient boosting", ["trees"] = "120", ["training_window"] = "2001-01-10 to 2001-01-31",
            ["features"] = Features + ", late_rate_24h",
        }),
    ];

    /// <summary>The contract.</summary>
    public string ContractFile => Path.Combine(Directory, "contract.yaml");

    /// <summary>Rows of the training data.</summary>
    public string TrainingFile => Path.Combine(Directory, "train-reference.parquet");

    /// <summary>Flights after the test set, with what became of them.</summary>
    public string LiveFile => Path.Combine(Directory, "live.parquet");

    /// <summary>The sample that came with this program.</summary>
    public static FlightsSample Find()
    {
        var sample = new FlightsSample(Path.Combine(AppContext.BaseDirectory, "samples", "flights"));
        return File.Exists(sample.ContractFile)
            ? sample
            : throw new UsageException(
                $"the sample {sample.Directory} is missing: it belongs beside the program; install Baton again, or build it from a checkout.");
    }

    /// <summary>A model's ONNX file.</summary>
    public string ModelFile(SampleModel model) => Path.Combine(Directory, model.Name, "model.onnx");

    /// <summary>MLflow's description of a model's package.</summary>
    public string DescriptionFile(SampleModel model) => Path.Combine(Directory, model.Name, "MLmodel");

    /// <summary>A model's test set with its scores, as scikit-learn gave them, and the truth.</summary>
    public string PredictionsFile(SampleModel model) => Path.Combine(Directory, model.Name, "test-predictions.parquet");

    /// <summary>A model's AUC on each day of the test set, by day of the month.</summary>
    public IReadOnlyList<(int Day, double RocAuc)> RocAucByDay(SampleModel model) =>
    [
        .. JsonDocument.Parse(File.ReadAllText(Path.Combine(Directory, "roc-auc-by-day.json"))).RootElement.GetProperty(model.Name).EnumerateObject()
            .Select(day => (DateOnly.Parse(day.Name, CultureInfo.InvariantCulture).Day, day.Value.GetDouble())),
    ];

    /// <summary>A model's figures on the test set, as its author reports them, with the facts of its package.</summary>
    public Claims AuthorsClaims(SampleModel model) => Documents.Read<Claims>(File.ReadAllText(Path.Combine(Directory, model.Name, "claims.json")));
}
