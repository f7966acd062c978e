using System.CommandLine;
using Baton.Contracts;
using Baton.Verification.Drafting;

namespace Baton.Verbs;

/// <summary>Options that say which column of the reference predictions is what; those that are not given are guessed by name.</summary>
internal sealed class ColumnFlags
{
    /// <summary>The options in a sentence.</summary>
    public const string Names = "--id, --label, --prediction, --score, --scores";

    private readonly Option<string?> _id = Column("--id", "Column that is the id of a row");
    private readonly Option<string?> _label = Column("--label", "Column that is the truth");
    private readonly Option<string?> _prediction = Column("--prediction", "Column that is the predicted class or value");
    private readonly Option<string?> _score = Column("--score", "Column that is the score of the positive class");
    private readonly Option<string?> _scores = new("--scores") { Description = "Columns that are the scores of three classes or more, in their order", HelpName = "COLUMN,COLUMN" };

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [_id, _label, _prediction, _score, _scores];

    /// <summary>What was said.</summary>
    public ColumnChoice Of(ParseResult parse) => new()
    {
        Id = parse.GetValue(_id),
        Label = parse.GetValue(_label),
        Prediction = parse.GetValue(_prediction),
        Score = parse.GetValue(_score),
        Scores = parse.GetValue(_scores)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>Columns in words: <c>id = row_id, label = y_true, score = proba_1</c>.</summary>
    public static string Told(ReferenceColumns columns) => string.Join(", ", new[]
    {
        $"id = {columns.Id}",
        $"label = {columns.Label}",
        columns.Prediction is { } prediction ? $"prediction = {prediction}" : null,
        columns.Score is { } score ? $"score = {score}" : null,
        columns.Scores is { } scores ? $"scores = {string.Join(',', scores)}" : null,
        columns.Classes is { } classes ? $"of the classes {string.Join(',', classes)}" : null,
    }.OfType<string>());

    /// <summary>Whether predictions need no conversion.</summary>
    public static bool IsParquet(string file) => Path.GetExtension(file).ToLowerInvariant() is ".parquet" or ".pq";

    private static Option<string?> Column(string name, string about) => new(name) { Description = about, HelpName = "COLUMN" };
}
