using System.CommandLine;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Baton.Configuration;

/// <summary>Resolves settings: flag, then environment, then <c>baton.yaml</c> in the working directory, then default.</summary>
internal sealed class Settings
{
    private const string FileName = "baton.yaml";

    private readonly Dictionary<string, (string Value, long Line)> _file;

    private Settings(Dictionary<string, (string Value, long Line)> file) => _file = file;

    /// <summary>The settings of this process.</summary>
    public static Settings Load(string? directory = null)
    {
        var path = Path.Combine(directory ?? Environment.CurrentDirectory, FileName);
        return new Settings(File.Exists(path) ? Read(path, File.ReadAllText(path)) : []);
    }

    /// <summary>An option for a setting; its default is left to <see cref="Resolve(Setting, string?)"/>, so that the source stays known.</summary>
    public static Option<string?> OptionFor(Setting setting) => new(setting.Flag)
    {
        Description = $"{setting.Meaning} [{setting.Variable}{(setting.Default is null ? "" : $"; default: {setting.Default}")}]",
        HelpName = setting.HelpName,
    };

    /// <summary>A setting's value and its source.</summary>
    public SettingValue Resolve(Setting setting, string? flag = null)
    {
        if (flag is not null)
            return new(setting, flag, $"flag {setting.Flag}");
        if (Environment.GetEnvironmentVariable(setting.Variable) is { Length: > 0 } variable)
            return new(setting, variable, $"environment {setting.Variable}");
        if (setting.MlflowVariable is { } known && Environment.GetEnvironmentVariable(known) is { Length: > 0 } mlflow)
            return new(setting, mlflow, $"environment {known}");
        return _file.TryGetValue(setting.Name, out var entry)
            ? new(setting, entry.Value, $"{FileName} line {entry.Line}")
            : new(setting, setting.Default, "default");
    }

    /// <summary>A text.</summary>
    public string? Text(Setting setting, string? flag) => Resolve(setting, flag).Value;

    /// <summary>Yes or no.</summary>
    public bool Flag(Setting setting, string? flag)
    {
        var given = Resolve(setting, flag);
        return given.Value?.ToLowerInvariant() switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new UsageException($"{given.Source}: '{given.Value}' is neither true nor false."),
        };
    }

    /// <summary>A port.</summary>
    public int Port(Setting setting, string? flag)
    {
        var port = Resolve(setting, flag);
        return ushort.TryParse(port.Value, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"{port.Source}: '{port.Value}' is no port; expected a number from 0 to 65535.");
    }

    /// <summary>The server's address.</summary>
    public Uri Server(string? flag)
    {
        var server = Resolve(Setting.Server, flag);
        return Uri.TryCreate(server.Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri!
            : throw new UsageException($"{server.Source}: '{server.Value}' is no address of a server; expected e.g. {Setting.Server.Default}.");
    }

    private static Dictionary<string, (string Value, long Line)> Read(string path, string yaml)
    {
        var values = new Dictionary<string, (string, long)>(StringComparer.Ordinal);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0)
                return values;
            if (stream.Documents[0].RootNode is not YamlMappingNode root)
                throw new UsageException($"{path}: expected lines of `setting: value`, e.g. `port: 5000`.");
            foreach (var (key, node) in root.Children)
            {
                var name = (key as YamlScalarNode)?.Value ?? "";
                if (Setting.All.All(s => s.Name != name))
                {
                    var names = Setting.All.Select(s => s.Name).ToList();
                    var likely = Spelling.Nearest(name, names) is { } word ? $"did you mean {word}? " : "";
                    throw new UsageException(
                        $"{path}, line {key.Start.Line}: there is no setting '{name}'; {likely}Expected one of {string.Join(", ", names)}.");
                }
                if (node is not YamlScalarNode { Value: { } value })
                    throw new UsageException($"{path}, line {node.Start.Line}, column {node.Start.Column}: '{name}' takes one value.");
                values[name] = (value, key.Start.Line);
            }
            return values;
        }
        catch (YamlException e)
        {
            throw new UsageException($"{path}, line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
    }
}
