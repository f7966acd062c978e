using System.CommandLine;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Baton.Configuration;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton config show</c>: each value with its source.</summary>
internal sealed partial class ConfigShowVerb : Command
{
    private readonly IReadOnlyList<(Setting Setting, Option<string?> Option)> _options = [.. Setting.All.Select(s => (s, Settings.OptionFor(s)))];
    private readonly Option<bool> _json = Flags.Json();

    public ConfigShowVerb()
        : base("show", "Show every setting with its value and its source: flag, environment, baton.yaml, default.")
    {
        foreach (var (_, option) in _options)
            Add(option);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parse)
    {
        var settings = Settings.Load();
        var screen = new Screen(parse.GetValue(_json));
        var rows = _options.Select(o => settings.Resolve(o.Setting, parse.GetValue(o.Option))).ToList();
        if (screen.Json)
        {
            Screen.WriteJson(new { Settings = rows.Select(r => new Shown(r.Setting.Name, Veiled(r.Value), r.Source)) });
            return ExitCode.Done;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("setting", "value", "source");
        table.Columns[0].PadRight(3);
        table.Columns[1].PadRight(3);
        foreach (var row in rows)
            table.AddRow(new Text(row.Setting.Name), new Text(Veiled(row.Value) ?? "-"), new Text(row.Source));
        screen.Out.Write(table);
        return ExitCode.Done;
    }

    /// <summary>A connection string's password is not for screens.</summary>
    private static string? Veiled(string? value) => value is null ? null : Password().Replace(value, "$1=***");

    [GeneratedRegex("(password|pwd)\\s*=\\s*[^;]*", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    private sealed record Shown(string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Value, string Source);
}
