using System.Globalization;

namespace Baton.Verification;

/// <summary>A model's output, with the column of it that is meant: <c>probabilities[1]</c>, or <c>label</c> for its only one or for all of them.</summary>
/// <param name="Name">Name of the output.</param>
/// <param name="Column">Column, from 0.</param>
/// <param name="Whole">Whether no column was named.</param>
internal sealed record OutputColumn(string Name, int Column, bool Whole = false)
{
    /// <summary>Reads the form that claims use. A text that is not <c>name[column]</c> is a name.</summary>
    public static OutputColumn Parse(string text) =>
        text.EndsWith(']') && text.LastIndexOf('[') is > 0 and var open
        && int.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var column)
            ? new OutputColumn(text[..open], column)
            : new OutputColumn(text, 0, Whole: true);
}
