using System.Globalization;
using System.Text;
using Baton.Storage.Tables;

namespace Baton.Verification.Datasets;

/// <summary>CSV by RFC 4180: a line of names, commas, fields in quotes where they hold commas, quotes (doubled) or line breaks; UTF-8.</summary>
internal static class CsvTable
{
    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="InvalidTableException">A row has more or fewer fields than there are names, a quote is not closed, or a name stands twice.</exception>
    public static Table Read(ReadOnlySpan<byte> bytes)
    {
        using var records = Records(Text(bytes)).GetEnumerator();
        if (!records.MoveNext() || records.Current is [""])
            throw new InvalidTableException("The CSV file is empty; its first line has the names of its columns.");
        // pandas writes its index first, without a name.
        var names = records.Current.Select((name, i) => name.Length == 0 && i == 0 ? "index" : name).ToList();
        var twice = names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new InvalidTableException($"The CSV file has two columns '{twice.Key}'.");
        var cells = names.Select(_ => new List<string>()).ToList();
        for (var row = 1; records.MoveNext(); row++)
        {
            var record = records.Current;
            if (record.Count != names.Count)
            {
                throw new InvalidTableException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {row} has {record.Count} fields, and there are {names.Count} columns; a field that holds a comma stands in quotes."));
            }

            for (var i = 0; i < record.Count; i++)
                cells[i].Add(record[i]);
        }

        return new Table([.. names.Select((name, i) => Cells.OfTexts(name, cells[i]))]);
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidTableException("The file is not UTF-8; save it as UTF-8.", e);
        }
    }

    private static IEnumerable<List<string>> Records(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var record = new List<string>();
            var row = at;
            do
            {
                record.Add(Field(text, ref at, row));
            }
            while (at < text.Length && text[at++] == ',');
            if (at <= text.Length && at > 0 && text[at - 1] == '\r' && at < text.Length && text[at] == '\n')
                at++;
            if (at == text.Length && text[^1] == ',')
                record.Add("");
            if (record is not [""])
                yield return record;
        }
    }

    private static string Field(string text, ref int at, int record)
    {
        if (at < text.Length && text[at] == '"')
        {
            var field = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] != '"')
                    field.Append(text[at]);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    field.Append(text[at++]);
                else
                {
                    at++;
                    return at == text.Length || text[at] is ',' or '\r' or '\n'
                        ? field.ToString()
                        : throw new InvalidTableException($"Line {Line(text, record)}: after a field in quotes comes a comma or the end of the line, not '{text[at]}'.");
                }
            }

            throw new InvalidTableException($"Line {Line(text, record)}: a quote is not closed.");
        }

        var end = text.AsSpan(at).IndexOfAny(",\r\n");
        var value = end < 0 ? text[at..] : text.Substring(at, end);
        at += value.Length;
        return value;
    }

    private static string Line(string text, int at) => (text.AsSpan(0, at).Count('\n') + 1).ToString(CultureInfo.InvariantCulture);
}
