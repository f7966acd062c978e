using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Baton.Database;

/// <summary>One step of the schema.</summary>
/// <param name="Number">Its place: steps run in rising order, once.</param>
/// <param name="Name">What it does, in a few words.</param>
/// <param name="Sql">Its statements, for the engine at hand.</param>
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>The digest of its text, line ends normalised: an applied step may never change.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The steps inside this assembly: <c>NNNN_name.sql</c> for both engines, or a pair <c>NNNN_name.sqlite.sql</c> and <c>NNNN_name.postgres.sql</c>.</summary>
    public static IReadOnlyList<Migration> Embedded(Engine engine)
    {
        var assembly = typeof(Migration).Assembly;
        return [.. FromFiles(assembly.GetManifestResourceNames().Select(name => (name, Text: Read(assembly, name))), engine)];
    }

    /// <summary>Picks and orders the steps for an engine.</summary>
    /// <exception cref="DatabaseException">A file is misnamed, or two files give the same number.</exception>
    public static IEnumerable<Migration> FromFiles(IEnumerable<(string Name, string Text)> files, Engine engine)
    {
        var steps = new SortedDictionary<int, Migration>();
        foreach (var (name, text) in files)
        {
            var match = FileName().Match(name);
            if (!match.Success)
                throw new DatabaseException($"The migration file {name} is misnamed: expected NNNN_name.sql, NNNN_name.sqlite.sql or NNNN_name.postgres.sql.");
            if (match.Groups["engine"] is { Success: true } only && !only.Value.Equals(engine.ToString(), StringComparison.OrdinalIgnoreCase))
                continue;
            var step = new Migration(int.Parse(match.Groups["number"].ValueSpan), match.Groups["name"].Value, text);
            if (!steps.TryAdd(step.Number, step))
                throw new DatabaseException($"Two migrations have the number {step.Number}: {steps[step.Number].Name} and {step.Name}.");
        }

        return steps.Values;
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(^|\.)(?<number>\d{4})_(?<name>[a-z0-9_]+)(\.(?<engine>sqlite|postgres))?\.sql$", RegexOptions.ExplicitCapture)]
    private static partial Regex FileName();
}
