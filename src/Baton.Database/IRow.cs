namespace Baton.Database;

/// <summary>The row at hand of a prepared query, by column from 0. It may be used only until the visitor returns.</summary>
public interface IRow
{
    /// <summary>Whether the column is null.</summary>
    bool IsNull(int column);

    /// <summary>A whole number.</summary>
    long Integer(int column);

    /// <summary>A real number.</summary>
    double Real(int column);

    /// <summary>A boolean.</summary>
    bool Flag(int column);

    /// <summary>A text.</summary>
    string Text(int column);

    /// <summary>A text or null.</summary>
    string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A whole number or null.</summary>
    long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);
}
