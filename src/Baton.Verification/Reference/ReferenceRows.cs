using System.Globalization;
using Baton.Contracts;
using Baton.Inference;
using Baton.Storage.Tables;
using Baton.Verification.Clauses;
using Baton.Verification.Drafting;

namespace Baton.Verification.Reference;

/// <summary>Reference predictions as they were handed over, found to be what the claims say of the file.</summary>
internal sealed class ReferenceRows
{
    private readonly Table _table;
    private readonly ReferenceColumns _columns;
    private Dictionary<string, double>? _classNumbers;

    private ReferenceRows(Table table, ReferenceColumns columns)
    {
        _table = table;
        _columns = columns;
        Ids = UniqueIds();
        Stored = new Answers(
            columns.Score is { } score ? Numbers(Find(score, "score")) : null,
            columns.Prediction is { } prediction ? Predicted(Find(prediction, "prediction")) : null)
        {
            ClassScores = columns.Scores is { Count: > 0 } scores ? Transposed([.. scores.Select(s => Numbers(Find(s, "score of a class")))]) : null,
        };
    }

    /// <summary>Row ids, each once.</summary>
    public string[] Ids { get; }

    /// <summary>The answers that the training framework gave.</summary>
    public Answers Stored { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Ids.Length;

    /// <summary>Which column is what.</summary>
    public ReferenceColumns Columns => _columns;

    /// <summary>The rows as they were handed over.</summary>
    public Table Table => _table;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The Parquet file; null where none was handed over.</param>
    /// <param name="claimed">What the claims say of it.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="ReferenceException">It is not what the claims say.</exception>
    public static async Task<ReferenceRows> ReadAsync(string? path, ReferencePredictions claimed, CancellationToken cancellation)
    {
        if (path is null || !File.Exists(path))
            throw new ReferenceException($"The reference predictions {claimed.Path} are missing; hand them over with the claims.");
        var (found, _) = await FileDigest.OfAsync(path, cancellation);
        if (Digests.Hex(found) != Digests.Hex(claimed.Sha256))
        {
            throw new ReferenceException(
                $"The reference predictions {claimed.Path} are not those that the claims name: claimed {claimed.Sha256}, found {found}. "
                + "Hand over the file that the claims were written of, or write the claims anew.");
        }

        try
        {
            var table = await ParquetFile.ReadAsync(path, columns: null, cancellation);
            return table.Rows == claimed.Rows
                ? new ReferenceRows(table, claimed.Columns)
                : throw new ReferenceException($"Expected {claimed.Rows} rows in {claimed.Path}, as the claims say; the file has {table.Rows}.");
        }
        catch (InvalidTableException e)
        {
            throw new ReferenceException($"The reference predictions {claimed.Path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Rows already in memory.</summary>
    internal static ReferenceRows Of(Table table, ReferenceColumns columns) => new(table, columns);

    /// <summary>These rows, in this order.</summary>
    public ReferenceRows At(IReadOnlyList<int> places) => With([.. _table.Columns.Select(c => Picked(c, places))]);

    /// <summary>The same rows with other columns in place of those of the same names.</summary>
    public ReferenceRows Replacing(IReadOnlyCollection<Column> columns) =>
        With([.. _table.Columns.Select(c => columns.FirstOrDefault(other => other.Name == c.Name) ?? c)]);

    /// <summary>
    /// Ground truth as numbers: 0 and 1 for a binary label, any number for regression; classes with names by their place among those that the claims name, or
    /// in ordinal order.
    /// </summary>
    /// <exception cref="ReferenceException">There is no such column, or a row has no finite value or no known class.</exception>
    public double[] Labels()
    {
        var column = Find(_columns.Label, "ground truth");
        var labels = Classes is null ? Numbers(column) : Array.ConvertAll(column.AsStrings(), name => ClassNumber(name) ?? double.NaN);
        var bad = Enumerable.Range(0, labels.Length).Where(i => !double.IsFinite(labels[i])).ToList();
        return bad.Count == 0
            ? labels
            : throw new ReferenceException(
                $"{Phrases.Count(bad.Count, "row")} without ground truth: column {_columns.Label} has no {(Classes is null ? "finite number" : "class that the claims name")} for {Named(bad)}. "
                + "Leave such rows out, or wait for their labels.");
    }

    /// <summary>Names of the classes; null where labels are numbers.</summary>
    public IReadOnlyList<string>? Classes => field ??= _columns.Classes ?? ((Find(_columns.Label, "ground truth").Values as string[])?.Distinct().Order(StringComparer.Ordinal).ToList());

    /// <summary>Predictions in the numbers of <see cref="Labels"/>; a class that labels do not have gets a number beyond theirs. Null where they are texts and labels are not.</summary>
    public double[]? Numbered(PredictedValues? predictions)
    {
        if (predictions is null || Classes is null)
            return predictions?.Numbers;
        var further = new Dictionary<string, double>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, predictions.Count).Select(row => ClassNumber(predictions[row]) ?? predictions.Numbers?[row]
            ?? (further.TryGetValue(predictions[row], out var number) ? number : further[predictions[row]] = Classes.Count + further.Count))];
    }

    /// <summary>Weights of the rows; null where there are none.</summary>
    /// <exception cref="ReferenceException">One is missing or below 0.</exception>
    public double[]? Weights()
    {
        if (_columns.Weight is not { } name)
            return null;
        var weights = Numbers(Find(name, "weight"));
        return weights.All(w => w >= 0 && double.IsFinite(w)) ? weights : throw new ReferenceException($"Column {name}, the weight of a row, has values that are missing or below 0.");
    }

    /// <summary>Query of each row; null where rows are not ranked.</summary>
    public string[]? Queries() => _columns.Query is { } query ? Find(query, "query").AsStrings() : null;

    /// <summary>A column of the rows.</summary>
    /// <exception cref="ReferenceException">There is none of that name.</exception>
    public Column Column(string name, string role) => Find(name, role);

    /// <summary>Values of a grouping column, as text. Times group by their day (UTC): no two rows would share an instant.</summary>
    /// <exception cref="ReferenceException">There is no such column, or a row has no value in it.</exception>
    public string[] Groups(string column)
    {
        var found = Find(column, "group of the contract's intervals");
        var bad = Missing(found);
        if (bad.Count == 0)
            return found.Values is DateTime[] times ? Array.ConvertAll(times, t => t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : found.AsStrings();
        throw new ReferenceException($"{Phrases.Count(bad.Count, "row")} without a value in column {column}, by which the contract groups: {Named(bad)}.");
    }

    /// <summary>Rows as the model's input tensors.</summary>
    /// <param name="inputs">What the model takes.</param>
    /// <param name="start">First row.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ReferenceException">A column is missing or cannot be converted.</exception>
    public IReadOnlyList<Tensor> Inputs(IReadOnlyList<TensorSpec> inputs, int start, int count) =>
        [.. inputs.Select(input => InputColumns.Fill(_table, _columns, input, start, count))];

    private double? ClassNumber(string name)
    {
        _classNumbers ??= Classes!.Index().ToDictionary(c => c.Item, c => (double)c.Index, StringComparer.Ordinal);
        return _classNumbers.TryGetValue(name, out var number) ? number : null;
    }

    private ReferenceRows With(IReadOnlyList<Column> columns) => new(new Table(columns), _columns);

    private static Column Picked(Column column, IReadOnlyList<int> places)
    {
        var values = Array.CreateInstance(column.Values.GetType().GetElementType()!, places.Count);
        for (var i = 0; i < places.Count; i++)
            values.SetValue(column.Values.GetValue(places[i]), i);
        return new Column(column.Name, values, column.Nulls is { } nulls ? [.. places.Select(p => nulls[p])] : null);
    }

    private static double[][] Transposed(double[][] columns) =>
        [.. Enumerable.Range(0, columns[0].Length).Select(row => Array.ConvertAll(columns, column => column[row]))];

    private static List<int> Missing(Column column) =>
        column.Nulls is { } nulls ? [.. Enumerable.Range(0, nulls.Length).Where(i => nulls[i])] : [];

    private static double[] Numbers(Column column)
    {
        try
        {
            return column.AsDoubles();
        }
        catch (InvalidTableException e)
        {
            throw new ReferenceException($"The reference predictions do not fit: {e.Message}");
        }
    }

    private static PredictedValues Predicted(Column column) =>
        column.Values is string[] or DateOnly[] or DateTime[]? new PredictedValues(column.AsStrings()) : new PredictedValues(column.AsDoubles());

    private string[] UniqueIds()
    {
        var column = Find(_columns.Id, "row id");
        var empty = Missing(column);
        if (empty.Count > 0)
            throw new ReferenceException($"{Phrases.Count(empty.Count, "row")} without an id in column {column.Name}; every row needs its own.");
        var ids = column.AsStrings();
        var twice = ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        return twice.Count == 0
            ? ids
            : throw new ReferenceException(
                $"{Phrases.Count(twice.Count, "id")} of column {column.Name} stand for more than one row: {Phrases.Some(twice)}. "
                + "Every row needs its own id.");
    }

    private Column Find(string name, string role) => _table.Find(name) ?? throw new ReferenceException(
        $"The reference predictions have no column {name}, which is to be the {role}; they have {string.Join(", ", _table.Columns.Select(c => c.Name))}.");

    private string Named(List<int> rows) => Phrases.Some([.. rows.Select(r => Ids[r])]);
}
