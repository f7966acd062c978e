using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Baton.Database;

/// <summary>The row at hand of a foreign database, by column name. SQLite keeps any type in any column, so each value is read as what is wanted.</summary>
public sealed class ForeignRow
{
    private readonly SqliteDataReader _reader;

    internal ForeignRow(SqliteDataReader reader) => _reader = reader;

    /// <summary>A text; null for null.</summary>
    public string? Text(string column) => Value(column) switch
    {
        null => null,
        string text => text,
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };

    /// <summary>A whole number; null for null and for what is none.</summary>
    public long? Integer(string column) => Value(column) switch
    {
        long number => number,
        double number when Math.Floor(number) == number && Math.Abs(number) < 9e15 => (long)number,
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>A real number; null for null and for what is none.</summary>
    public double? Real(string column) => Value(column) switch
    {
        double number => number,
        long number => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private object? Value(string column) => _reader.GetValue(_reader.GetOrdinal(column)) is var value and not DBNull ? value : null;
}
