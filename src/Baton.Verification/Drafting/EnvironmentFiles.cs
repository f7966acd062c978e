using System.Text.RegularExpressions;

namespace Baton.Verification.Drafting;

/// <summary>What a model was trained with, from the files that MLflow puts into every package: <c>requirements.txt</c>, <c>conda.yaml</c>, <c>python_env.yaml</c>.</summary>
internal static partial class EnvironmentFiles
{
    private const int MostLines = 1000;

    /// <summary>Names to versions, <c>python</c> among them; null where the package has none of the files. Only pinned packages (<c>name==version</c>) are told.</summary>
    public static IReadOnlyDictionary<string, string>? Read(PackageFolder folder)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in new[] { "python_env.yaml", "conda.yaml", "requirements.txt" }.Where(folder.Files.Contains))
        {
            foreach (var line in File.ReadLines(folder.PathOf(file)).Take(MostLines))
            {
                if (Python().Match(line) is { Success: true } python)
                    found["python"] = python.Groups[1].Value;
                else if (Pinned().Match(line) is { Success: true } pinned)
                    found[pinned.Groups[1].Value.ToLowerInvariant()] = pinned.Groups[2].Value;
            }
        }

        return found.Count == 0 ? null : found;
    }

    [GeneratedRegex(@"^\s*(?:-\s*)?python\s*[:=]+\s*['""]?([0-9][0-9A-Za-z.]*)['""]?\s*$")]
    private static partial Regex Python();

    [GeneratedRegex(@"^\s*(?:-\s*)?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([0-9A-Za-z.+!-]+)\s*(?:;.*|#.*)?$")]
    private static partial Regex Pinned();
}
