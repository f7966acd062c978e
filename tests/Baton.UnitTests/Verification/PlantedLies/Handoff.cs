using Baton.Contracts;
using Baton.Inference.Format;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.Verification;
using Baton.Verification.Drafting;
using Google.Protobuf;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>
/// A handover in the making: a package, its test rows with predictions, its training rows, what is claimed, and what is demanded. A liar changes
/// any of it, before the claims are drafted or after.
/// </summary>
internal sealed class Handoff : IDisposable
{
    private readonly TempDirectory _folder = new();

    public required string Model { get; init; }

    /// <summary>Clauses of the contract, as YAML below <c>clauses:</c>.</summary>
    public string Clauses { get; set; } = "  reproduces: {within: 0.0001, rows: {min: 100 %}}\n  metrics: {roc_auc: {min: 0.60}}\n";

    /// <summary>The test rows.</summary>
    public Dictionary<string, Array> Rows { get; init; } = [];

    /// <summary>The training rows; none where they were not handed over.</summary>
    public Dictionary<string, Array> Training { get; init; } = [];

    public ColumnChoice Columns { get; set; } = new() { Id = "id", Label = "label", Score = "score" };

    /// <summary>Bytes of the model file.</summary>
    public required byte[] ModelFile { get; set; }

    /// <summary>Further files of the package.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public Dictionary<string, double> Metrics { get; } = [];

    public CodeClaim? Code { get; set; } = new() { Commit = "9c1f2d3e4b5a69788796a5b4c3d2e1f00f1e2d3c", Dirty = false };

    /// <summary>Changes the drafted claims.</summary>
    public Func<Claims, Claims> Claim { get; set; } = claims => claims;

    /// <summary>Changes what lies in the folder once all is claimed.</summary>
    public Action<string> Afterwards { get; set; } = _ => { };

    /// <summary>The version in production; null for none.</summary>
    public Handoff? Production { get; set; }

    public void Dispose()
    {
        Production?.Dispose();
        _folder.Dispose();
    }

    /// <summary>Folder of the package.</summary>
    public string Package => Path.Combine(_folder.Path, "package");

    /// <summary>File of the test rows.</summary>
    public string Reference => Path.Combine(_folder.Path, "test.parquet");

    /// <summary>Takes the model from a graph.</summary>
    public void Use(ModelProto model) => ModelFile = model.ToByteArray();

    /// <summary>A column of the test rows.</summary>
    public T[] Column<T>(string name) => (T[])Rows[name];

    /// <summary>Writes all of it down, has the claims drafted, and lies where it is to.</summary>
    public async Task<VerificationInput> HandOverAsync()
    {
        var (claims, _) = await DraftAsync();
        claims = Claim(claims);
        Afterwards(_folder.Path);
        ProductionInput? production = null;
        if (Production is not null)
        {
            var (theirs, _) = await Production.DraftAsync();
            production = new ProductionInput("1", theirs, Production.Package, Production.Reference);
        }

        return new VerificationInput
        {
            Contract = ContractParser.ParseOrThrow($"model: {Model}\nclauses:\n{Clauses}"),
            Claims = claims,
            PackageDirectory = Package,
            ReferenceFile = Reference,
            Production = production,
            RunsCommands = true,
            ModelProcess = FlightsSample.ModelProcess,
        };
    }

    private async Task<(Claims Claims, string Folder)> DraftAsync()
    {
        Directory.CreateDirectory(Package);
        await File.WriteAllBytesAsync(Path.Combine(Package, "model.onnx"), ModelFile);
        foreach (var (name, bytes) in Files)
            await File.WriteAllBytesAsync(Path.Combine(Package, name), bytes);
        await WriteAsync(Reference, Rows);
        List<DatasetClaim> data = [];
        if (Training.Count > 0)
        {
            var file = Path.Combine(_folder.Path, "training.parquet");
            await WriteAsync(file, Training);
            data.Add(new DatasetClaim
            {
                Role = "training",
                Name = "training",
                Path = "training.parquet",
                Rows = Training.Values.First().Length,
                Sha256 = Digests.Sha256(await File.ReadAllBytesAsync(file)),
            });
        }

        var claims = await ClaimsDraft.WriteAsync(new DraftSource
        {
            Model = Model,
            PackageDirectory = Package,
            ReferencePredictionsFile = Reference,
            Columns = Columns,
            Metrics = Metrics,
            Code = Code,
            Datasets = data,
        });
        return (claims, _folder.Path);
    }

    private static async Task WriteAsync(string path, Dictionary<string, Array> columns)
    {
        await using var file = File.Create(path);
        await ParquetFile.WriteAsync(file, new Table([.. columns.Select(c => new Column(c.Key, c.Value))]));
    }
}
