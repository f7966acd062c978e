using System.Globalization;
using Baton.Inference;

namespace Baton.Serving.Models;

/// <summary>The output that claims call the score, with its column: <c>probabilities[1]</c>, or <c>score</c> for its only one.</summary>
internal sealed record ScoreColumn(string Output, int Column)
{
    /// <summary>Reads the form that claims use. A text that is not <c>name[column]</c> is a name.</summary>
    public static ScoreColumn Parse(string text) =>
        text.EndsWith(']') && text.LastIndexOf('[') is > 0 and var open
        && int.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var column)
            ? new ScoreColumn(text[..open], column)
            : new ScoreColumn(text, 0);

    /// <summary>The score of every row; null where the outputs do not have one for each.</summary>
    public double[]? Of(IReadOnlyList<Tensor> outputs, int rows)
    {
        foreach (var output in outputs)
        {
            if (output.Name == Output)
                return output.Datatype != "BYTES" && output.Rows == rows && Column < output.Width ? output.ColumnAsDoubles(Column) : null;
        }

        return null;
    }
}
