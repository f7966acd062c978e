using System.Text.Json;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.Verification;
using Baton.Verification.Execution;
using Xunit;

namespace Baton.UnitTests.Verification;

/// <summary>Rows of the log run again through real models in real processes.</summary>
public sealed class ReplayJobTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // without claims the package tells its model file
    public async Task A_row_gives_the_outputs_and_the_score_that_the_training_framework_gave(bool withClaims)
    {
        var (inputs, score) = await FirstReferenceRowAsync();
        var result = await RunAsync(inputs, withClaims);

        Assert.Null(result.Fault);
        Assert.Equal(["label", "probabilities"], result.Outputs!.Keys.Order());
        var probability = result.Outputs["probabilities"].EnumerateArray().Last().GetDouble();
        Assert.Equal(score, probability, 4);
        Assert.Equal(withClaims, result.Score is not null);
        // The score is the double of the model's float, the output its shortest text.
        Assert.Equal(probability, result.Score ?? probability, 6);
    }

    [Fact]
    public async Task Inputs_that_the_version_does_not_take_are_a_fault_that_names_them()
    {
        var (inputs, _) = await FirstReferenceRowAsync();
        var missing = await RunAsync(inputs.Where(i => i.Key != inputs.Keys.First()).ToDictionary(), withClaims: true);
        Assert.Contains(inputs.Keys.First(), missing.Fault, StringComparison.Ordinal);
        Assert.Null(missing.Outputs);

        var text = inputs.First(i => i.Value.ValueKind == JsonValueKind.String).Key;
        var wrong = await RunAsync(new Dictionary<string, JsonElement>(inputs) { [text] = JsonSerializer.SerializeToElement(7) }, withClaims: true);
        Assert.Contains($"`{text} ", wrong.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FP32", "[-1,3]", "[1,2.5,\"NaN\"]", "[1,3]")]
    [InlineData("FP64", "[-1]", "\"-Infinity\"", "[1]")]
    [InlineData("INT64", "[-1,1]", "9007199254740993", "[1,1]")]
    [InlineData("INT32", "[-1,2,2]", "[[1,2],[3,4]]", "[1,2,2]")]
    [InlineData("FP32", "[-1,-1]", "[1,2]", "[1,2]")]
    [InlineData("BYTES", "[-1,1]", "\"ä\"", "[1,1]")]
    [InlineData("BOOL", "[]", "true", "[]")]
    public void A_logged_value_becomes_the_tensor_of_its_row_and_back(string datatype, string shape, string logged, string expected)
    {
        var input = new TensorSpec("x", datatype, JsonSerializer.Deserialize<long[]>(shape)!);
        var tensor = RowTensors.Read(input, new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.Deserialize<JsonElement>(logged) });
        Assert.Equal((datatype, expected), (tensor.Datatype, JsonSerializer.Serialize(tensor.Shape)));
        var flat = JsonSerializer.Serialize(Flat(JsonSerializer.Deserialize<JsonElement>(logged)));
        Assert.Equal(flat, JsonSerializer.Serialize(Flat(RowTensors.Write(tensor))));
    }

    [Theory]
    [InlineData("INT8", "300")]
    [InlineData("INT64", "1.5")]
    [InlineData("FP32", "\"much\"")]
    [InlineData("BYTES", "null")]
    public void A_value_that_an_input_cannot_take_is_refused(string datatype, string logged) => Assert.Throws<ModelInputException>(() => RowTensors.Read(
        new TensorSpec("x", datatype, [-1, 1]), new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.Deserialize<JsonElement>(logged) }));

    private static IEnumerable<string> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value.ToString()];

    private static async Task<(Dictionary<string, JsonElement> Inputs, double Score)> FirstReferenceRowAsync()
    {
        var claims = FlightsSample.Claims("champion");
        var table = await ParquetFile.ReadAsync(FlightsSample.Reference("champion"));
        var inputs = claims.Interface.Inputs.ToDictionary(i => i.Name, i => table[i.Name].Values.GetValue(0) switch
        {
            string text => JsonSerializer.SerializeToElement(text),
            var number => JsonSerializer.SerializeToElement(Convert.ToDouble(number)),
        });
        return (inputs, table[claims.ReferencePredictions!.Columns.Score!].AsDoubles()[0]);
    }

    private async Task<ReplayResult> RunAsync(IReadOnlyDictionary<string, JsonElement> inputs, bool withClaims)
    {
        var claims = FlightsSample.Claims("champion");
        var package = Directory.CreateDirectory(_folder.File("package")).FullName;
        foreach (var file in claims.Package.Files)
            File.Copy(Path.Combine(FlightsSample.Folder("champion"), file.Path), Path.Combine(package, file.Path), overwrite: true);
        var request = new ReplayRequest { Model = "m", Version = "1", Package = claims.Package, Claims = withClaims ? claims : null, Inputs = inputs };
        await File.WriteAllTextAsync(_folder.File("replay.json"), Documents.Write(request));
        using var input = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);
        Assert.Equal(0, await VerificationJob.RunAsync(_folder.Path, FlightsSample.ModelProcess, input, Stream.Null, TimeProvider.System, false, default));
        return Documents.Read<ReplayResult>(await File.ReadAllTextAsync(_folder.File("result.json")));
    }
}
