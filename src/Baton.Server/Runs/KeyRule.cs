using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Runs;

/// <summary>MLflow's rule for the keys of metrics, params and tags: its characters, and no path that would resolve to another.</summary>
internal static partial class KeyRule
{
    private const int MaxLength = 250;

    /// <summary>Returns the key, or refuses it; <paramref name="what"/> names it in the message, e.g. <c>Metric name</c>.</summary>
    public static string Checked(string key, string what)
    {
        if (key.Length > MaxLength)
            throw RunsErrors.TooLong(what, MaxLength);
        if (!Characters().IsMatch(key))
            throw Refusal.Invalid($"Invalid value \"{key}\" for parameter '{what}' supplied: Names may only contain alphanumerics, underscores (_), " +
                "dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
        if (key.Split('/').Any(segment => segment is "" or "." or ".."))
            throw Refusal.Invalid($"Invalid value \"{key}\" for parameter '{what}' supplied: Names may be treated as files in certain cases, " +
                "and must not resolve to other names when treated as such.");
        return key;
    }

    [GeneratedRegex(@"^[/\w.\- :]+\z")]
    private static partial Regex Characters();
}
