using Baton.Contracts;
using Baton.Inference.Execution;
using Baton.Testing;
using Baton.Verification;

namespace Baton.UnitTests.Verification;

/// <summary>The flights sample, verified by the built executable.</summary>
internal static class FlightsSample
{
    private static readonly string Root = Path.Combine(Repository.Root, "samples", "flights");

    /// <summary>The sample's contract, with a load that is over quickly.</summary>
    public static Contract Contract { get; } = ContractParser.ParseOrThrow(File.ReadAllText(Path.Combine(Root, "contract.yaml"))) with
    {
        Latency = new LatencyClause { Percentile = 95, Max = TimeSpan.FromMilliseconds(500), RequestsPerSecond = 200 },
    };

    /// <summary>How the built executable plays a model process.</summary>
    public static ModelProcessOptions ModelProcess { get; } = new() { FileName = BatonBinary.Path, Arguments = ["model-process"] };

    /// <summary>Claims of a version.</summary>
    public static Claims Claims(string name) => Documents.Read<Claims>(File.ReadAllText(Path.Combine(Root, name, "claims.json")));

    /// <summary>Folder of a version: its package, claims and reference predictions.</summary>
    public static string Folder(string name) => Path.Combine(Root, name);

    /// <summary>Reference predictions of a version.</summary>
    public static string Reference(string name) => Path.Combine(Root, name, Claims(name).ReferencePredictions!.Path);

    /// <summary>A version to verify, against the champion in production where asked.</summary>
    public static VerificationInput Input(string name, bool againstChampion = false) => new()
    {
        Contract = Contract,
        Claims = Claims(name),
        PackageDirectory = Folder(name),
        ReferenceFile = Reference(name),
        Production = againstChampion ? new ProductionInput("1", Claims("champion"), Folder("champion"), Reference("champion")) : null,
        ModelProcess = ModelProcess,
    };

    /// <summary>A copy of a version's folder that a test may spoil.</summary>
    public static VerificationInput Copy(string name, TempDirectory folder)
    {
        foreach (var file in Directory.GetFiles(Folder(name)))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        var input = Input(name);
        return input with { PackageDirectory = folder.Path, ReferenceFile = folder.File(input.Claims.ReferencePredictions!.Path) };
    }

    /// <summary>A clause of evidence.</summary>
    public static ClauseResult Clause(this Evidence evidence, string name) => evidence.Clauses.Single(c => c.Name == name);
}
