using System.Globalization;
using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Lineage;

/// <summary>A time that is asked about: ISO 8601 with an offset or Z, since without one it would mean another moment in another place.</summary>
internal static partial class AsOf
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz"];

    /// <summary>Microseconds; now where nothing is given.</summary>
    public static long Parse(string? text, TimeProvider time)
    {
        if (string.IsNullOrEmpty(text))
            return time.Micros();
        // A '+' that was not escaped reads as a blank in a query.
        var given = UnescapedPlus().Replace(text, "+$1");
        var offset = given.EndsWith('Z') ? given[..^1] + "+00:00" : given;
        if (!DateTimeOffset.TryParseExact(offset, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            throw Refusal.Invalid(WithoutOffset().IsMatch(given)
                ? $"Invalid value '{text}' for parameter 'as-of' supplied: it has no offset, so it may be any of many moments. Write e.g. {given}Z for UTC, or {given}%2B02:00."
                : $"Invalid value '{text}' for parameter 'as-of' supplied: expected ISO 8601 with an offset or Z, e.g. 2026-05-03T14:00:00Z.");
        }

        return at <= time.GetUtcNow()
            ? at.ToMicros()
            : throw Refusal.Invalid($"Invalid value '{text}' for parameter 'as-of' supplied: it lies in the future, of which nothing is on record.");
    }

    [GeneratedRegex(@" (\d{2}:\d{2})\z")]
    private static partial Regex UnescapedPlus();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\z")]
    private static partial Regex WithoutOffset();
}
