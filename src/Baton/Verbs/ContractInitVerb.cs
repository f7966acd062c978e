using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Terminal;
using Baton.Verification.Drafting;

namespace Baton.Verbs;

/// <summary><c>baton contract init</c>: a contract to start from, and the claims of a package, both written by machine.</summary>
internal sealed class ContractInitVerb : Command
{
    private const string ContractFile = "contract.yaml";
    private const string ClaimsFile = "claims.json";

    private readonly Argument<string?> _package = new("MODEL.onnx | FOLDER")
    {
        Description = "The model: an ONNX file, or a folder with an MLmodel. Without it only a contract is written",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _model = new("--model") { Description = "Name of the registered model", HelpName = "NAME", Required = true };
    private readonly Option<string?> _predictions = new("--predictions")
    {
        Description = "Inputs with the outputs that the training framework gave, and the truth: Parquet, CSV, JSON Lines, log_table JSON or NPY",
        HelpName = "FILE",
    };

    private readonly Option<string?> _groupBy = new("--group-by")
    {
        Description = "Column of the predictions whose equal values belong together, e.g. date",
        HelpName = "COLUMN",
    };

    private readonly Option<string?> _metric = new("--metric") { Description = "Metric to put a bound on [default: the one that fits the predictions]", HelpName = "METRIC" };
    private readonly ColumnFlags _columns = new();

    private readonly Option<string[]> _metrics = new("--claim")
    {
        Description = "A metric as its author reports it; may be repeated",
        HelpName = "METRIC=VALUE",
    };

    private readonly Option<string?> _out = new("--out") { Description = "Directory to write into [default: that of the package]", HelpName = "DIR" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace files that are there" };
    private readonly Option<bool> _json = Flags.Json();

    public ContractInitVerb()
        : base("init", "Write contract.yaml with the default four clauses, and claims.json with the facts of a package.")
    {
        Add(_package);
        foreach (var option in (Option[])[_model, _predictions, .. _columns.Options, _groupBy, _metric, _metrics, _out, _force, _json])
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var model = parse.GetRequiredValue(_model);
        var metric = Known(parse.GetValue(_metric));
        var package = parse.GetValue(_package);
        if (package is null && parse.GetValue(_predictions) is not null)
            throw new UsageException(
                "--predictions belong to a package: name it too, e.g. `baton contract init model.onnx --predictions test.parquet --model NAME`.");

        var folder = package is null ? Environment.CurrentDirectory : FolderOf(package);
        var directory = Path.GetFullPath(parse.GetValue(_out) ?? folder);
        Directory.CreateDirectory(directory);
        var contractPath = Fresh(directory, ContractFile, parse.GetValue(_force));
        var claimsPath = package is null ? null : Fresh(directory, ClaimsFile, parse.GetValue(_force));
        var source = package is null ? null : Source(parse, folder, model, directory);
        var claims = source is null ? null : await ClaimsDraft.WriteAsync(source, stop);
        var reference = claims?.ReferencePredictions is { } named ? Path.GetFullPath(Path.Combine(directory, named.Path)) : null;
        var draft = await ContractDraft.WriteAsync(claims, model, reference, metric, parse.GetValue(_groupBy), stop);
        if (claims is not null)
            await File.WriteAllTextAsync(claimsPath!, JsonSerializer.Serialize(claims, Documents.Indented) + "\n", stop);
        await File.WriteAllTextAsync(contractPath, draft.Text, stop);

        if (screen.Json)
        {
            Screen.WriteJson(new { Contract = contractPath, ContractDigest = ContractCanon.Digest(draft.Contract), Claims = claimsPath, Proposals = draft.Notes, claims?.ReferencePredictions });
            return ExitCode.Done;
        }

        screen.Line($"{contractPath}  what is demanded: its comments say why each bound was proposed; set what your service needs");
        if (claimsPath is not null)
        {
            screen.Line($"{claimsPath}  what is said of this package: written by machine, not for editing");
            if (claims!.ReferencePredictions is { } predictions)
            {
                screen.Line($"{Path.GetRelativePath(directory, reference!)}  {Words.Number(predictions.Rows)} reference predictions; columns {ColumnFlags.Told(predictions.Columns)}");
                screen.Line($"  (by their names; override with {ColumnFlags.Names})");
            }

            screen.Line($"check it: baton verify {FromHere(contractPath)} --claims {FromHere(claimsPath)}");
        }
        return ExitCode.Done;
    }

    private static string FromHere(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);

    private static string? Known(string? metric)
    {
        if (metric is null || MetricNames.Find(metric) is not null)
            return metric;
        var likely = MetricNames.Suggest(metric) is { } suggestion ? $"did you mean {suggestion}? " : "";
        throw new UsageException($"--metric {metric} is unknown; {likely}Expected one of {string.Join(", ", MetricNames.Written)}.");
    }

    private static string FolderOf(string package) =>
        File.Exists(package) ? Path.GetDirectoryName(Path.GetFullPath(package))!
        : Directory.Exists(package) ? Path.GetFullPath(package)
        : throw new UsageException($"there is no model {package}; give the path of an ONNX file or of a folder with an MLmodel.");

    private DraftSource Source(ParseResult parse, string folder, string model, string directory)
    {
        var predictions = parse.GetValue(_predictions);
        if (predictions is not null && !File.Exists(predictions))
            throw new UsageException($"there are no predictions {predictions}; give the path of a file.");
        var converted = predictions is null ? null : Path.Combine(directory, Path.GetFileNameWithoutExtension(predictions) + ".parquet");
        return new DraftSource
        {
            Model = model,
            PackageDirectory = folder,
            ReferencePredictionsFile = predictions,
            ConvertedFile = converted,
            ReferencePath = predictions is null ? null : Path.GetRelativePath(directory, ColumnFlags.IsParquet(predictions) ? predictions : converted!).Replace('\\', '/'),
            Columns = _columns.Of(parse),
            Metrics = (parse.GetValue(_metrics) ?? []).Select(Claimed).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static KeyValuePair<string, double> Claimed(string text) =>
        text.Split('=') is [{ Length: > 0 } name, var value]
        && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new(name, number)
            : throw new UsageException($"--claim {text} is not understood; expected METRIC=VALUE, e.g. roc_auc=0.65.");

    private static string Fresh(string directory, string name, bool force)
    {
        var path = Path.Combine(directory, name);
        return force || !File.Exists(path) ? path : throw new UsageException(
            $"{path} is there already; --force replaces it, --out DIR writes elsewhere.");
    }
}
