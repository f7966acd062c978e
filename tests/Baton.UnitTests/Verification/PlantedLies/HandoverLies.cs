using System.IO.Compression;
using System.Text;
using Baton.Contracts;
using Baton.Inference.Format;
using static Baton.UnitTests.Verification.PlantedLies.Lie;

namespace Baton.UnitTests.Verification.PlantedLies;

/// <summary>Lies about the package, its making, and its data.</summary>
internal static class HandoverLies
{
    private const string Reproduces = "  reproduces: {within: 0.0001}\n";

    public static IEnumerable<Lie> All => [.. Package, .. Claimed, .. Provenance, .. Rows, .. Machines];

    private static IEnumerable<Lie> Package =>
    [
        OfCredit("a model file changed by one byte", "files", (h, random) => h.Afterwards = folder =>
        {
            var path = Path.Combine(folder, "package", "model.onnx");
            var bytes = File.ReadAllBytes(path);
            bytes[random.Next(bytes.Length)] ^= 1;
            File.WriteAllBytes(path, bytes);
        }),
        OfCredit("a file of the package left out", "files", (h, _) =>
        {
            h.Files["vocabulary.txt"] = Encoding.UTF8.GetBytes("north\n");
            h.Afterwards = folder => File.Delete(Path.Combine(folder, "package", "vocabulary.txt"));
        }),
        OfCredit("a file put in after the claims", "files", (h, _) => h.Afterwards = folder => File.WriteAllText(Path.Combine(folder, "package", "extra.bin"), "x")),
        OfCredit("a pickle that runs a command when it is read", "security.pickle", (h, _) => h.Files["model.pkl"] = "cos\nsystem\n(S'true'\ntR."u8.ToArray(), Reproduces + "  security: {pickle: scanned}\n"),
        OfCredit("a harmless pickle where none may be", "security.pickle", (h, _) => h.Files["model.pkl"] = [0x80, 2, .. "]q\0."u8], Reproduces + "  security: {pickle: forbidden}\n"),
        OfCredit("a pickle inside an archive of weights", "security.pickle", (h, _) => h.Files["weights.pt"] = Zip("archive/data.pkl", "cposix\nsystem\n(S'true'\ntR."u8.ToArray()), Reproduces + "  security: {pickle: scanned}\n"),
        OfCredit("a signature that is not there", "security.signature", (_, _) => { }, Reproduces + $"  security: {{signed_by: '{Digests.Sha256("nobody")}'}}\n"),
        OfCredit("a package larger than agreed", "package.size", (h, _) => h.Files["weights.bin"] = new byte[2 << 20], Reproduces + "  package: {size: {max: 1 MiB}}\n"),
        OfCredit("more parameters than agreed", "package.parameters", (_, _) => { }, Reproduces + "  package: {parameters: {max: 5}}\n"),
        OfCredit("an operator set newer than agreed", "package.opset", (h, _) => h.Use(new CreditModel { Opset = 17 }.Build()), Reproduces + "  package: {opset: {max: 15}}\n"),
        OfCredit("an operator that the runtime does not have", "framework", (h, _) => h.Use(new CreditModel
        {
            Finish = m =>
            {
                CreditModel.BeforeSigmoid(m, CreditModel.Step("SecretSauce", ["logit"], "better"));
                m.Graph.Node.Single(n => n.OpType == "SecretSauce").Domain = "com.example";
                m.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example", Version = 1 });
            },
        }.Build())),
        OfCredit("a locale that the machine lacks", "reproduces", (h, _) => h.Use(new CreditModel { Finish = InLocale }.Build())),
    ];

    private static IEnumerable<Lie> Claimed =>
    [
        OfCredit("an inflated metric", "claims", (h, random) => h.Metrics["roc_auc"] += 0.02 + (random.NextDouble() * 0.1)),
        OfCredit("a metric inflated in its third digit", "claims", (h, _) =>
        {
            // Not one that ends in nought: 0.720 is written 0.72, which says less and may be true.
            var inflated = Math.Round(h.Metrics["roc_auc"] + 0.003, 3);
            h.Metrics["roc_auc"] = Math.Round(inflated * 1000) % 10 == 0 ? inflated + 0.001 : inflated;
        }),
        OfCredit("the accuracy of another day", "claims", (h, _) => h.Metrics["accuracy"] = 0.987),
        OfCredit("a wrong count of parameters", "parameters", (h, _) => h.Claim = c => c with { Parameters = new ParameterClaim(c.Parameters.Total - 1, c.Parameters.ByKind) }),
        OfCredit("a wrong operator set", "framework", (h, _) => h.Claim = c => c with { Framework = c.Framework with { Opsets = new Dictionary<string, long> { ["ai.onnx"] = 13, ["ai.onnx.ml"] = 2 } } }),
        OfCredit("half precision passed off as full", "framework", (h, _) =>
        {
            h.Use(new CreditModel { Finish = HalfTheWeights }.Build());
            h.Claim = c => c with { Framework = c.Framework with { Precision = "fp32" } };
        }, "  reproduces: {within: 0.01}\n"),
        OfCredit("another framework than the file tells", "framework", (h, _) => h.Claim = c => c with { Framework = c.Framework with { Name = "pytorch", Version = "2.8" } }),
        OfCredit("an input of another shape", "interface", (h, _) => h.Claim = c => c with { Interface = c.Interface with { Inputs = [c.Interface.Inputs[0] with { Shape = [-1, 4] }, .. c.Interface.Inputs.Skip(1)] } }),
        OfCredit("an output by another name", "interface", (h, _) => h.Claim = c => c with { Interface = c.Interface with { Outputs = [new TensorClaim("probability", "FP32", [-1, 1])] } }),
        OfCredit("a range that the rows leave", "interface", (h, _) => h.Claim = c => c with { Interface = c.Interface with { Inputs = [c.Interface.Inputs[0] with { Min = 0, Max = 400 }, .. c.Interface.Inputs.Skip(1)] } }),
        OfCredit("a category that the list does not have", "interface", (h, _) => h.Claim = c => c with { Interface = c.Interface with { Inputs = [.. c.Interface.Inputs.Take(3), c.Interface.Inputs[3] with { Values = ["north", "south"] }] } }),
        OfCredit("a claim that the measurement does not reach", "metrics.roc_auc", (h, _) => h.Metrics["roc_auc"] = 0.95, Reproduces + "  metrics: {roc_auc: {against_claimed: {min: -0.01}}}\n"),
    ];

    private static IEnumerable<Lie> Provenance =>
    [
        OfCredit("a dirty tree", "provenance", (h, _) => h.Code = h.Code! with { Dirty = true }),
        OfCredit("no commit where one is required", "provenance", (h, _) => h.Code = null, Reproduces + "  provenance: {require: [commit]}\n"),
        OfCredit("no seed where one is required", "provenance", (_, _) => { }, Reproduces + "  provenance: {require: [seed]}\n"),
        OfCredit("a licence that may not be used", "provenance", (h, _) => h.Claim = c => c with { Licence = "CC-BY-NC-4.0" }, Reproduces + "  provenance: {licences: [Apache-2.0, MIT]}\n"),
    ];

    private static IEnumerable<Lie> Rows =>
    [
        OfCredit("training rows in the test set", "data.overlap", (h, random) =>
        {
            var (test, training) = (h.Column<string>("id"), (string[])h.Training["id"]);
            for (var i = 0; i < 20; i++)
                test[i] = training[(random.Next(20) * 20) + i];
        }, Reproduces + "  data: {key: id}\n"),
        OfCredit("test rows from before the training ended", "data.time_order", (h, _) =>
            h.Rows["day"] = h.Column<DateTime>("day").Select((d, i) => i % 10 == 0 ? d.AddDays(-50) : d).ToArray(), Reproduces + "  data: {time: day}\n"),
        OfCredit("fewer rows than agreed", "data.rows", (_, _) => { }, Reproduces + "  data: {rows: {min: 5000}}\n"),
        OfCredit("an input that is sensitive", "data.sensitive", (_, _) => { }, Reproduces + "  data: {sensitive: [age]}\n"),
        OfCredit("an input that is known only afterwards", "data.unavailable", (_, _) => { }, Reproduces + "  data: {unavailable: [income]}\n"),
        OfCredit("a test set changed in row 15,000", "reproduces", (h, _) => h.Afterwards = folder =>
        {
            var path = Path.Combine(folder, "test.parquet");
            var bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 4; // the middle of the file; its short digest, of name and row count, stays the same
            File.WriteAllBytes(path, bytes);
        }, rows: 20_000),
        OfCredit("training data that is not the claimed", "data.files", (h, _) => h.Afterwards = folder =>
            File.AppendAllText(Path.Combine(folder, "training.parquet"), "x")),
        OfCredit("one row counted twice", "reproduces", (h, random) => h.Column<string>("id")[random.Next(1, 3000)] = h.Column<string>("id")[0]),
        OfCredit("a row without truth", "metrics.roc_auc", (h, random) =>
            h.Rows["label"] = h.Column<long>("label").Select((l, i) => i == 7 ? double.NaN : l).ToArray()),
        OfCredit("an input column left out of the test rows", "reproduces", (h, _) => h.Rows.Remove("income")),
    ];

    private static IEnumerable<Lie> Machines =>
    [
        OfCredit("latency from another machine", "hardware.web.p95", (_, _) => { }, Reproduces + "  hardware: {web: {on: {cpu: 'Imaginary CPU 9000'}, load: 200 requests/s, p95: {max: 1 s}}}\n") with { Caught = [Verdict.NotRun] },
        OfCredit("a GPU's clause on a CPU", "hardware.gpu.p95", (_, _) => { }, Reproduces + "  hardware: {gpu: {on: {provider: cuda}, load: 200 requests/s, p95: {max: 1 s}}}\n") with { Caught = [Verdict.NotRun] },
        OfCredit("a check of the consumer's own that says no", "checks.profit", (h, _) =>
            h.Files["profit.py"] = "import json\nprint(json.dumps({'value': -1.0}))\n"u8.ToArray(),
            Reproduces + "  checks: {profit: {command: python3 profit.py, min: 0}}\n"),
    ];

    private static byte[] Zip(string name, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(content);
        return stream.ToArray();
    }

    /// <summary>Normalises the region in a language that no machine has.</summary>
    private static void InLocale(ModelProto model)
    {
        var encoder = model.Graph.Node.Single(n => n.OpType == "LabelEncoder");
        CreditModel.Constant(model.Graph, "flat", [1], [-1]);
        var locale = new AttributeProto { Name = "locale", S = Google.Protobuf.ByteString.CopyFromUtf8("xx_YY"), Type = AttributeProto.Types.AttributeType.String };
        var lower = new AttributeProto { Name = "case_change_action", S = Google.Protobuf.ByteString.CopyFromUtf8("LOWER"), Type = AttributeProto.Types.AttributeType.String };
        var shape = new TensorProto { Name = "one_dimension", DataType = 7, Dims = { 1 }, Int64Data = { -1 } };
        var column = new TensorProto { Name = "one_column", DataType = 7, Dims = { 2 }, Int64Data = { -1, 1 } };
        model.Graph.Initializer.Add([shape, column]);
        encoder.Input[0] = "lower_region";
        var at = model.Graph.Node.IndexOf(encoder);
        model.Graph.Node.Insert(at, CreditModel.Step("Reshape", ["region", "one_dimension"], "regions"));
        model.Graph.Node.Insert(at + 1, CreditModel.Step("StringNormalizer", ["regions"], "normal_regions", locale, lower));
        model.Graph.Node.Insert(at + 2, CreditModel.Step("Reshape", ["normal_regions", "one_column"], "lower_region"));
        model.Graph.Initializer.Remove(model.Graph.Initializer.Single(i => i.Name == "flat"));
    }

    /// <summary>Stores the weights in half precision and widens them when it runs.</summary>
    private static void HalfTheWeights(ModelProto model)
    {
        foreach (var name in (string[])["weights", "intercept", "means", "deviations"])
        {
            var full = model.Graph.Initializer.Single(i => i.Name == name);
            model.Graph.Initializer.Remove(full);
            var half = new TensorProto { Name = name + "_half", DataType = 10 };
            half.Dims.AddRange(full.Dims);
            half.RawData = Google.Protobuf.ByteString.CopyFrom([.. full.FloatData.SelectMany(v => BitConverter.GetBytes((Half)v))]);
            model.Graph.Initializer.Add(half);
            model.Graph.Node.Insert(0, CreditModel.Step("Cast", [name + "_half"], name, CreditModel.Whole("to", 1)));
        }
    }
}
