namespace Baton.Storage.Query;

/// <summary>A column that a query counts on.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type"><c>VARCHAR</c>, <c>BIGINT</c> or <c>DOUBLE</c>, as DuckDB names them.</param>
public sealed record QueryColumn(string Name, string Type)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name} {Type}";

    /// <summary>A column of text.</summary>
    public static QueryColumn Text(string name) => new(name, "VARCHAR");

    /// <summary>A column of whole numbers of 64 bits.</summary>
    public static QueryColumn Whole(string name) => new(name, "BIGINT");

    /// <summary>A column of doubles.</summary>
    public static QueryColumn Number(string name) => new(name, "DOUBLE");
}
