using System.Globalization;
using System.Net;
using System.Text;

namespace Baton.Contracts.Reports.Html;

/// <summary>Texts and numbers as HTML and SVG take them.</summary>
internal static class Escaped
{
    /// <summary>Text that is shown and never read as markup.</summary>
    public static string Of(string? text) => WebUtility.HtmlEncode(string.Concat((text ?? "").EnumerateRunes().Select(r => Rune.IsControl(r) ? "\uFFFD" : r.ToString())));

    /// <summary>A length in a picture.</summary>
    public static string Of(double length) => length.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The class of a verdict's colour.</summary>
    public static string Class(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        _ => "open",
    };
}
