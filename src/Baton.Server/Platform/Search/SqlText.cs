using System.Globalization;
using Baton.Database;

namespace Baton.Server.Platform.Search;

/// <summary>The parameters of one statement that is put together: what a user wrote goes here and never into the text.</summary>
internal sealed class SqlText(Dialect dialect)
{
    private readonly List<object?> _values = [];

    public Dialect Dialect => dialect;

    /// <summary>The values by number.</summary>
    public object?[] Values => [.. _values];

    /// <summary>The name under which the text may use a value: a long, a double, a string, a long[] or a string[].</summary>
    public string Add(object value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }
}
