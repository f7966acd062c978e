using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.UnitTests.Inference;
using Baton.Verification.Drafting;
using Google.Protobuf;
using Xunit;

namespace Baton.UnitTests.Verification.Drafting;

public sealed class ClaimsDraftTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reads_from_the_package_what_nobody_should_type()
    {
        var claims = await ClaimsDraft.WriteAsync(Champion());

        Assert.Equal(("flight-delay", "3", "r1"), (claims.Model, claims.Version, claims.RunId));
        Assert.Equal(["MLmodel", "model.onnx"], claims.Package.Files.Select(f => f.Path));
        Assert.Equal(new ManifestFile("model.onnx", "sha256:1052c5e3a3217164a89a93438979dd6cf52a315f0f756aeace5c7d3934fcfb5e", 137_583), claims.Package.Files[1]);
        Assert.Equal(("onnx", "model.onnx", "skl2onnx", "1.21.0", 10), (claims.Framework.Format, claims.Framework.ModelFile, claims.Framework.Name, claims.Framework.Version, claims.Framework.IrVersion));
        Assert.Equal(21, claims.Framework.Opsets["ai.onnx"]);
        Assert.Equal(3617, claims.Parameters.Total);
        Assert.Equal("hour FP32 [-1, 1]", claims.Interface.Inputs[0].ToString());
        Assert.Equal(("label", "probabilities[1]"), (claims.Interface.Prediction, claims.Interface.Score));
        Assert.Equal(("test-predictions.parquet", "test", 12_000), (claims.ReferencePredictions!.Path, claims.ReferencePredictions.Split, claims.ReferencePredictions.Rows));
        Assert.Equal(new ReferenceColumns { Id = "id", Label = "label", Prediction = "prediction", Score = "score" }, claims.ReferencePredictions.Columns);
        Assert.True(Digests.IsDigest(claims.ReferencePredictions.Sha256));
    }

    [Fact]
    public async Task Passes_on_what_the_author_says_and_makes_nothing_up()
    {
        var nothing = await ClaimsDraft.WriteAsync(Champion());
        Assert.Empty(nothing.Metrics);
        Assert.Empty(nothing.Data);
        Assert.Null(nothing.Code);

        var code = new CodeClaim { Commit = "abc", Dirty = false };
        var data = new DatasetClaim { Role = "training", Name = "january" };
        var told = await ClaimsDraft.WriteAsync(Champion() with
        {
            Metrics = new Dictionary<string, double> { ["roc_auc"] = 0.6, ["accuracy"] = 0.8 },
            Code = code,
            Datasets = [data],
            ReferencePath = "evaluation/test.parquet",
            Split = "validation",
        });
        Assert.Equal(["accuracy", "roc_auc"], told.Metrics.Keys);
        Assert.Same(code, told.Code);
        Assert.Equal([data], told.Data);
        Assert.Equal(("evaluation/test.parquet", "validation"), (told.ReferencePredictions!.Path, told.ReferencePredictions.Split));
    }

    [Fact]
    public async Task Takes_the_single_onnx_file_where_there_is_no_MLmodel_and_every_other_file_belongs_to_the_package()
    {
        WriteModel("deep/net.onnx");
        WriteText("conda.yaml", "name: env\n");
        WriteText("claims.json", "{}");

        var claims = await ClaimsDraft.WriteAsync(Source());

        Assert.Equal("deep/net.onnx", claims.Framework.ModelFile);
        Assert.Equal(["conda.yaml", "deep/net.onnx"], claims.Package.Files.Select(f => f.Path));
        Assert.Null(claims.ReferencePredictions);
    }

    [Fact]
    public async Task MLmodel_says_which_of_several_files_is_the_model()
    {
        WriteModel("a.onnx");
        WriteModel("b.onnx");
        Assert.Contains("2 .onnx files (a.onnx, b.onnx) and no MLmodel", await RefusedAsync(Source()));

        WriteText("MLmodel", "flavors:\n  onnx:\n    data: b.onnx\n");
        Assert.Equal("b.onnx", (await ClaimsDraft.WriteAsync(Source())).Framework.ModelFile);
    }

    [Theory]
    [InlineData("flavors:\n  sklearn:\n    pickled_model: m.pkl\n  python_function: {}\n", "no onnx flavour, only sklearn, python_function")]
    [InlineData("artifact_path: model\n", "no 'flavors'")]
    [InlineData("flavors:\n  onnx: {code: null}\n", "flavors.onnx.data")]
    [InlineData("flavors:\n  onnx:\n    data: ../../etc/passwd\n", "outside the package")]
    [InlineData("flavors:\n  onnx:\n    data: /etc/passwd\n", "outside the package")]
    [InlineData("flavors:\n  onnx:\n    data: other.onnx\n", "no such file; it has MLmodel, model.onnx")]
    [InlineData("flavors: [\n", "line 2")]
    [InlineData("", "no 'flavors'")]
    public async Task Says_what_is_wrong_with_an_MLmodel(string text, string said)
    {
        WriteModel("model.onnx");
        WriteText("MLmodel", text);

        Assert.Contains(said, await RefusedAsync(Source()));
    }

    [Fact]
    public async Task Refuses_a_folder_without_a_model_and_a_model_that_is_none()
    {
        Assert.Contains("There is no package folder", await RefusedAsync(Source() with { PackageDirectory = "/nowhere" }));
        Assert.Contains("it has no files", await RefusedAsync(Source()));

        WriteText("model.onnx", "not a model");
        Assert.Contains("it is a text file", await RefusedAsync(Source()));
    }

    [Fact]
    public async Task Refuses_a_link_out_of_the_package()
    {
        WriteModel("model.onnx");
        File.CreateSymbolicLink(_folder.File("secrets"), "/etc/hostname");

        Assert.Contains("'secrets'", await RefusedAsync(Source()));
    }

    [Fact]
    public async Task Guesses_columns_by_name_and_names_those_there_are_where_it_cannot()
    {
        WriteModel("model.onnx");
        var named = await ReferenceAsync("Row_ID", "x", "y_true", "y_score");
        var columns = (await ClaimsDraft.WriteAsync(Source() with { ReferencePredictionsFile = named })).ReferencePredictions!.Columns;
        Assert.Equal(new ReferenceColumns { Id = "Row_ID", Label = "y_true", Score = "y_score" }, columns);

        Assert.Contains("looks like the id of a row", await RefusedAsync(Source() with { ReferencePredictionsFile = await ReferenceAsync("n", "label", "score") }));
        Assert.Contains("looks like a prediction or a score", await RefusedAsync(Source() with { ReferencePredictionsFile = await ReferenceAsync("id", "label", "x") }));
        var refusal = await RefusedAsync(Source() with { ReferencePredictionsFile = await ReferenceAsync("id", "late", "score") });
        Assert.Contains("looks like the ground truth", refusal);
        Assert.Contains("the columns are id, late, score", refusal);
    }

    [Fact]
    public async Task Takes_columns_as_told_if_there_are_such()
    {
        WriteModel("model.onnx");
        var source = Source() with { ReferencePredictionsFile = await ReferenceAsync("n", "late", "p"), Columns = new ColumnChoice { Id = "n", Label = "late", Score = "p" } };

        Assert.Equal(new ReferenceColumns { Id = "n", Label = "late", Score = "p" }, (await ClaimsDraft.WriteAsync(source)).ReferencePredictions!.Columns);
        Assert.Contains("no column 'q' (--score); the columns are n, late, p", await RefusedAsync(source with { Columns = source.Columns with { Score = "q" } }));
    }

    [Fact]
    public async Task Refuses_reference_predictions_that_are_no_table()
    {
        WriteModel("model.onnx");
        WriteText("reference.parquet", "id,label\n");

        Assert.Contains("It is not a Parquet file", await RefusedAsync(Source() with { ReferencePredictionsFile = _folder.File("reference.parquet") }));
    }

    [Fact]
    public async Task Reads_the_environment_from_the_files_that_MLflow_puts_beside_the_model()
    {
        WriteModel("model.onnx");
        WriteText("python_env.yaml", "python: 3.12.4\nbuild_dependencies:\n- pip==24.0\n");
        WriteText("requirements.txt", "mlflow==2.19.0\nonnx[extra]==1.16.1 ; python_version > '3'\nnumpy>=1\n# skl2onnx==9\n");

        var environment = (await ClaimsDraft.WriteAsync(Source())).Environment!;

        Assert.Equal([("mlflow", "2.19.0"), ("onnx", "1.16.1"), ("pip", "24.0"), ("python", "3.12.4")], environment.Select(e => (e.Key, e.Value)));
    }

    [Fact]
    public async Task Converts_predictions_to_Parquet_numbers_rows_without_ids_and_tells_scores_by_class()
    {
        WriteModel("package/model.onnx");
        WriteText("predictions.csv", "x,y_true,proba_10,proba_2,proba_3\n1.5,2,0.1,0.6,0.3\n2.5,10,0.8,0.1,0.1\n");
        var source = Source() with { PackageDirectory = _folder.File("package"), ReferencePredictionsFile = _folder.File("predictions.csv"), ConvertedFile = _folder.File("predictions.parquet") };

        var reference = (await ClaimsDraft.WriteAsync(source)).ReferencePredictions!;

        Assert.Equal(("predictions.parquet", 2L, "id", "y_true", null), (reference.Path, reference.Rows, reference.Columns.Id, reference.Columns.Label, reference.Columns.Score));
        Assert.Equal(["proba_2", "proba_3", "proba_10"], reference.Columns.Scores);
        Assert.Equal(["2", "3", "10"], reference.Columns.Classes);
        var table = await ParquetFile.ReadAsync(_folder.File("predictions.parquet"));
        Assert.Equal(new long[] { 0, 1 }, table["id"].Values);
        Assert.Equal(new[] { 1.5, 2.5 }, table["x"].Values);
        Assert.Equal(new long[] { 2, 10 }, table["y_true"].Values);
    }

    [Fact]
    public async Task Of_two_classes_the_second_is_the_positive_one()
    {
        WriteModel("package/model.onnx");
        WriteText("p.jsonl", "{\"id\": \"a\", \"label\": 1, \"score_0\": 0.25, \"score_1\": 0.75}\n");
        var source = Source() with { PackageDirectory = _folder.File("package"), ReferencePredictionsFile = _folder.File("p.jsonl"), ConvertedFile = _folder.File("p.parquet") };

        Assert.Equal(new ReferenceColumns { Id = "id", Label = "label", Score = "score_1" }, (await ClaimsDraft.WriteAsync(source)).ReferencePredictions!.Columns);
    }

    [Fact]
    public async Task A_score_that_is_no_number_is_told_with_its_row_and_column()
    {
        WriteModel("package/model.onnx");
        WriteText("p.csv", "id,label,score\n1,0,0.5\n2,1,high\n");
        var source = Source() with { PackageDirectory = _folder.File("package"), ReferencePredictionsFile = _folder.File("p.csv"), ConvertedFile = _folder.File("p.parquet") };

        Assert.Contains("Row 2, column 'score' holds 'high'", await RefusedAsync(source));
    }

    private static DraftSource Champion() => new()
    {
        Model = "flight-delay",
        Version = "3",
        RunId = "r1",
        PackageDirectory = TestModels.Flights("champion"),
        ReferencePredictionsFile = TestModels.Flights("champion", "test-predictions.parquet"),
    };

    private DraftSource Source() => new() { Model = "m", PackageDirectory = _folder.Path };

    private void WriteModel(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllBytes(_folder.File(path), TestModels.Identity(1, -1).ToByteArray());
    }

    private void WriteText(string path, string text) => File.WriteAllText(_folder.File(path), text);

    private async Task<string> ReferenceAsync(params string[] columns)
    {
        var path = _folder.File("reference.parquet");
        await using var file = File.Create(path);
        await ParquetFile.WriteAsync(file, new Table([.. columns.Select(c => new Column(c, new[] { 1d, 2 }))]));
        return path;
    }

    private static async Task<string> RefusedAsync(DraftSource source) =>
        (await Assert.ThrowsAsync<DraftException>(() => ClaimsDraft.WriteAsync(source))).Message;
}
