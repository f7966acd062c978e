using System.Text.RegularExpressions;
using Baton.Database;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Search;
using Baton.Server.Runs.Searching;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Search;

/// <summary>Whatever text comes in: it parses or is refused with a place, and never becomes part of a statement.</summary>
public sealed partial class SearchTextTests
{
    private static readonly Gen<string> Any = Gen.OneOf(
        Gen.String,
        Gen.OneOf("'; DROP TABLE runs; --", "$1", "{0}", "%_[*?]", "a' OR '1'='1", "\\", "😀", "\u0301", "$$x$$", "/*", "?"));

    private static readonly Gen<string> Scraps = Gen.OneOf(
        "metrics.", "params.a", "tags.`x y`", "status", "run_id", "metrics.loss.at(", "dataset.name", "AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "LIKE", "(", ")", ",",
        "=", "!=", "<", ">=", "'a'", "\"b\"", "`c`", "'", "`", "1", "-1e5", ".5", "..", " ", "\t", "é", "😀", "name", "Run");

    [Fact]
    public void Any_text_parses_or_is_refused_with_a_place() =>
        Gen.OneOf(Gen.String, Scraps.Array[0, 30].Select(s => string.Join(" ", s)), Scraps.Array[0, 30].Select(string.Concat)).Sample(
            text =>
            {
                try
                {
                    FilterParser.Parse(text, RunLanguage.Language);
                }
                catch (Refusal refusal)
                {
                    Assert.Equal(ProblemCode.InvalidRequest, refusal.Code);
                    Assert.Matches(Place(), refusal.Message);
                }
            },
            iter: 5_000);

    [Fact]
    public void Users_text_is_only_ever_a_parameter() => Gen.Select(Any, Any, Any, Gen.Bool).Sample(
        (key, value, pattern, postgres) =>
        {
            key = key.Replace("`", "", StringComparison.Ordinal);
            value = value.Replace("'", "", StringComparison.Ordinal);
            pattern = pattern.Replace("'", "", StringComparison.Ordinal);
            if (key.Length == 0)
                return;
            var (text, parameters) = Compiled(key, value, pattern, postgres);
            var (plain, _) = Compiled("k", "v", "p", postgres);

            Assert.Equal(plain, text);
            Assert.Contains(value, parameters);
        },
        iter: 2_000);

    [Fact]
    public void A_token_goes_through_and_only_with_its_own_search() => Gen.Select(Gen.Long, Gen.Double.Where(double.IsFinite), Any, Gen.Long[1, 2]).Sample((whole, real, text, rank) =>
    {
        SortKey[] keys = [new("a", SortType.Integer), new("b", SortType.Real), new("c", SortType.Text), new("d", SortType.Real, Rank: "r")];
        text = text.Replace("\0", "", StringComparison.Ordinal);
        SortValue[] last = [new(0, whole), new(0, real), new(0, text), new(rank, null)];
        var token = PageToken.Write("search", last);

        if (text.EnumerateRunes().All(r => r.Value != 0xFFFD))
            Assert.Equal(last, PageToken.Read(token, "search", keys));
        Assert.Contains("Invalid page token, it belongs to another search", Assert.Throws<Refusal>(() => PageToken.Read(token, "other", keys)).Message);
    });

    [Theory]
    [InlineData("abc")]
    [InlineData("!!!")]
    [InlineData("e30")]
    [InlineData("W10")]
    [InlineData("eyJvZmZzZXQiOiAxfQ==")]
    [InlineData("bnVsbA")]
    [InlineData("WzFd")]
    public void A_token_that_is_none_is_refused(string token) => Assert.Contains(
        "Invalid page token, ", Assert.Throws<Refusal>(() => PageToken.Read(token, "search", [new SortKey("a", SortType.Integer)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_as_a_token_is_refused() => Any.Where(t => t.Length > 0).Sample(token =>
        Assert.Throws<Refusal>(() => PageToken.Read(token, "search", [new SortKey("a", SortType.Integer)])));

    [Theory]
    [InlineData("loss", true)]
    [InlineData("val_loss", true)]
    [InlineData("test/RMSE", true)]
    [InlineData("brier", true)]
    [InlineData("lossless", false)]
    [InlineData("accuracy", false)]
    [InlineData("terror", false)]
    [InlineData("", false)]
    public void A_metrics_goal_is_told_by_the_words_of_its_name(string key, bool falling) => Assert.Equal(falling, MetricGoal.IsFalling(key));

    private static (string Text, object?[] Parameters) Compiled(string key, string value, string pattern, bool postgres)
    {
        var filter = $"params.`{key}` = '{value}' AND (tags.`{key}` LIKE '{pattern}' OR NOT metrics.`{key}`.max > 1) AND run_id IN ('{value}') AND dataset.name ILIKE '{pattern}' "
            + $"AND metrics.`{key}` IS NULL AND run_name != '{value}'";
        var sql = new SqlText(postgres ? Dialect.Postgres : Dialect.Sqlite);
        var condition = FilterParser.Parse(filter, RunLanguage.Language)!;
        return (ConditionSql.Of(condition, new RunFields(new Dictionary<string, long> { [key] = 1 }), sql), sql.Values);
    }

    [GeneratedRegex(@"character \d+; expected|takes|at most", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
