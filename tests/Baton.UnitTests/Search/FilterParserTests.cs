using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Search;
using Baton.Server.Registry;
using Baton.Server.Runs;
using Baton.Server.Runs.LoggedModels;
using Baton.Server.Runs.Searching;
using Xunit;

namespace Baton.UnitTests.Search;

/// <summary>What filters mean, and what is said of those that mean nothing.</summary>
public sealed class FilterParserTests
{
    internal static readonly Dictionary<string, SearchLanguage> Languages = new()
    {
        ["runs"] = RunLanguage.Language,
        ["experiments"] = SearchExperiments.Language,
        ["models"] = SearchModels.Language,
        ["versions"] = SearchVersions.Language,
        ["logged"] = LoggedModelLanguage.Language,
    };

    [Theory]
    [InlineData("metrics.loss < 1", "Metric:loss Less 1")]
    [InlineData("metric.loss<=1e-3", "Metric:loss LessOrEqual 0.001")]
    [InlineData("METRICS.loss < 1", null)]
    [InlineData("metrics.`a/b c` > -.5", "Metric:a/b c Greater -0.5")]
    [InlineData("metrics.\"a b\" != 2", "Metric:a b NotEqual 2")]
    [InlineData("metrics.a.b.c = 1", "Metric:a.b.c Equal 1")]
    [InlineData("metrics.loss.min < 1", "Metric:loss Min? Less 1")]
    [InlineData("metrics.`loss`.max < 1", "Metric:loss Max Less 1")]
    [InlineData("metrics.`loss.min` < 1", "Metric:loss.min Less 1")]
    [InlineData("metrics.loss.best BETWEEN 1 AND 2", "Metric:loss Best? Between 1,2")]
    [InlineData("metrics.loss.at(100) >= 1", "Metric:loss At100 GreaterOrEqual 1")]
    [InlineData("metrics.`a b`.at(-1.5) >= 1", "Metric:a b At-2+500000 GreaterOrEqual 1")]
    [InlineData("metrics.min > 1", "Metric:min Greater 1")]
    [InlineData("metrics.loss IN (1, 2.5)", "Metric:loss In 1,2.5")]
    [InlineData("metrics.loss IS NULL", "Metric:loss IsNull ")]
    [InlineData("params.lr = '0.1'", "Param:lr Equal 0.1")]
    [InlineData("parameter.lr = \"0.1\"", "Param:lr Equal 0.1")]
    [InlineData("params.lr LIKE '0.%' and params.a ilike 'X%'", "(Param:lr Like 0.% & Param:a ILike X%)")]
    [InlineData("params.lr NOT LIKE 'a'", "Param:lr NotLike a")]
    [InlineData("params.q = '1''x'", "Param:q Equal 1''x")]
    [InlineData("params.q = 'it\"s'", "Param:q Equal it\"s")]
    [InlineData("params.lr is not null", "Param:lr IsNotNull ")]
    [InlineData("params.lr IN ('a', 'B', )", "Param:lr In a,B")]
    [InlineData("tags.mlflow.source.name = 'x'", "Tag:mlflow.source.name Equal x")]
    [InlineData("tag.k NOT IN ('a')", "Tag:k NotIn a")]
    [InlineData("run_id IN ('A', '1')", "Attribute:run_id In A,1")]
    [InlineData("attributes.run_id = 'a'", "Attribute:run_id Equal a")]
    [InlineData("`run_id` = 'a'", "Attribute:run_id Equal a")]
    [InlineData("Run Name = 'a'", "Attribute:run_name Equal a")]
    [InlineData("run name = 'a'", "Attribute:run_name Equal a")]
    [InlineData("attributes.`Run name` = 'a'", "Attribute:run_name Equal a")]
    [InlineData("attribute.Run Name LIKE 'a'", "Attribute:run_name Like a")]
    [InlineData("Created > 5", "Attribute:start_time Greater 5")]
    [InlineData("duration > 1000", "Attribute:duration Greater 1000")]
    [InlineData("git_commit = 'x'", "Attribute:git_commit Equal x")]
    [InlineData("experiment_id = 1", "Attribute:experiment_id Equal 1")]
    [InlineData("lifecycle_stage = 'active'", "Attribute:lifecycle_stage Equal active")]
    [InlineData("dataset.name IN ('a','B')", "Dataset:name In a,B")]
    [InlineData("datasets.context LIKE 'tr%'", "Dataset:context Like tr%")]
    [InlineData("status = 'a' AND", "Attribute:status Equal a")]
    [InlineData("status = 'a' OR status = 'b' AND status = 'c'", "(Attribute:status Equal a | (Attribute:status Equal b & Attribute:status Equal c))")]
    [InlineData("NOT (status = 'a' OR status = 'b') and not status='c'", "(!(Attribute:status Equal a | Attribute:status Equal b) & !Attribute:status Equal c)")]
    [InlineData("((status = 'a'))", "Attribute:status Equal a")]
    [InlineData("   ", "")]
    public void A_filter_of_runs_means(string filter, string? meaning) => Assert.Equal(meaning, Meaning("runs", filter));

    [Theory]
    [InlineData("experiments", "name LIKE 'de%'", "Attribute:name Like de%")]
    [InlineData("experiments", "attribute.creation_time >= 5 OR tags.a IS NULL", "(Attribute:creation_time GreaterOrEqual 5 | Tag:a IsNull )")]
    [InlineData("models", "name LIKE 'Reg%' AND tag.`mlflow.prompt.is_prompt` != 'true'", "(Attribute:name Like Reg% & Tag:mlflow.prompt.is_prompt NotEqual true)")]
    [InlineData("models", "name IN ('a')", "Attribute:name In a")]
    [InlineData("versions", "name='a' and version_number = '3'", "(Attribute:name Equal a & Attribute:version_number Equal 3)")]
    [InlineData("versions", "run_id IN ('a','b') AND current_stage != 'None'", "(Attribute:run_id In a,b & Attribute:current_stage NotEqual None)")]
    [InlineData("logged", "attributes.creation_timestamp_ms > 5 AND metrics.acc >= .5", "(Attribute:creation_timestamp Greater 5 & Metric:acc GreaterOrEqual 0.5)")]
    [InlineData("logged", "status = 2 OR status = 'READY'", "(Attribute:status Equal 2 | Attribute:status Equal READY)")]
    [InlineData("logged", "name = 'x'", "Attribute:name Equal x")]
    public void Each_kind_of_thing_has_its_words(string language, string filter, string meaning) => Assert.Equal(meaning, Meaning(language, filter));

    // MLflow's words where it has some, then the character and what was expected.
    [Theory]
    [InlineData("runs", "metrics.m == 1", "Invalid comparator '==' not one of '{'=', '!='", "(character 11; expected one of =, !=, <")]
    [InlineData("runs", "metrics.m <> 1", "Invalid comparator '<>'", "character 11")]
    [InlineData("runs", "metrics.m LIKE 'a'", "Invalid comparator 'LIKE'", "character 11")]
    [InlineData("runs", "params.m > 'a'", "Invalid comparator '>' not one of '{'=', '!=', 'LIKE'", "character 10")]
    [InlineData("runs", "params.m BETWEEN 'a' AND 'b'", "Invalid comparator 'BETWEEN'", "character 10")]
    [InlineData("runs", "metrics.m > '3'", "Expected numeric value type for metric. Found '3'", "(character 13; expected a number")]
    [InlineData("runs", "start_time > 'x'", "Expected numeric value type for numeric attribute: start_time. Found 'x'", "character 14")]
    [InlineData("runs", "metrics.m > 1.2.3", "Expected numeric value type for metric. Found 1.2.3", "character 13")]
    [InlineData("runs", "params.p = 1", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1", "character 12")]
    [InlineData("runs", "params.p = abc", "Parameter value is either not quoted or unidentified quote types used for string value abc. Use either single or double quotes.", "character 12")]
    [InlineData("runs", "params.p = `abc`", "Parameter value is either not quoted", "character 12")]
    [InlineData("runs", "params.p = 'abc", "Parameter value is either not quoted", "character 12")]
    [InlineData("runs", "bogus.x = 'a'", "Invalid entity type 'bogus'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']", "character 1;")]
    [InlineData("runs", "metrcs.x = 1", "Invalid entity type 'metrcs'.", "Did you mean 'metrics'?")]
    [InlineData("runs", "attribute.statsu = 'a'", "Invalid attribute key 'statsu' specified. Valid keys are '{'run_id', ", "Did you mean 'status'?")]
    [InlineData("runs", "dataset.nam = 'a'", "Invalid dataset key 'nam' specified.", "Did you mean 'name'?")]
    [InlineData("runs", "1 < metrics.m", "Invalid clause(s) in filter string: '1'", "on the left: values stand on the right")]
    [InlineData("runs", "metrics.m > 1;", "Invalid clause(s) in filter string: ';'", "(character 14; expected AND, OR or the end of the filter)")]
    [InlineData("runs", "metrics.m > 1 params.x = 'a'", "Invalid clause(s) in filter string: 'params.x'", "character 15")]
    [InlineData("runs", "(status = 'a'", "Invalid clause(s) in filter string: 'end of the filter'", "expected AND, OR or ')'")]
    [InlineData("runs", "(status = 'a' AND )", "Invalid clause(s) in filter string: ')'", "character 19")]
    [InlineData("runs", "AND status = 'a'", "Invalid attribute key 'AND'", "character 1;")]
    [InlineData("runs", "status IN ()", "Invalid clause(s) in filter string: ')'", "at least one value in the list")]
    [InlineData("runs", "status IN (1)", "Expected a quoted string value for attribute", "character 12")]
    [InlineData("runs", "status IS 'a'", "Invalid clause(s) in filter string: ''a''", "expected NULL or NOT NULL")]
    [InlineData("runs", "metrics. > 1", "Invalid clause(s) in filter string: '>'", "a key after 'metrics.'")]
    [InlineData("runs", "metrics.`a`.mean > 1", "Invalid clause(s) in filter string: '.mean'", ".min, .max, .best or .at(step)")]
    [InlineData("runs", "metrics.a.at(x) > 1", "Invalid clause(s) in filter string: 'x'", "character 14; expected a step")]
    [InlineData("runs", "tags.é = 'a' AND params.😀 = 'x'", "Invalid clause(s) in filter string: '😀'", "character 25;")]
    [InlineData("runs", "params.`😀` = 'a' AND bogus = 'x'", "Invalid attribute key 'bogus'", "character 22;")]
    [InlineData("runs", "metrics.a = 1 OR", "Invalid clause(s) in filter string: 'end of the filter'", "character 17; expected a field such as metrics.key")]
    [InlineData("runs", "NOT", "Invalid clause(s) in filter string: 'end of the filter'", "character 4;")]
    [InlineData("runs", "status NOT = 'a'", "Invalid comparator '='", "character 8")]
    [InlineData("experiments", "metrics.a = 1", "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')", "character 1;")]
    [InlineData("logged", "tag.x = 'a'", "Invalid entity type: 'tag'. Expected one of ['attributes', 'metrics', 'params', 'tags'].", "Did you mean 'tags'?")]
    [InlineData("versions", "version_number = 'x'", "Expected numeric value type for numeric attribute: version_number. Found 'x'", "character 18")]
    public void A_filter_that_does_not_parse_is_told_what_and_where(string language, string filter, string message, string where)
    {
        var refusal = Assert.Throws<Refusal>(() => FilterParser.Parse(filter, Languages[language]));

        Assert.Equal(ProblemCode.InvalidRequest, refusal.Code);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(where, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void The_number_of_conditions_is_limited(int count, bool allowed) =>
        AssertAllowed(allowed, string.Join(" OR ", Enumerable.Repeat("metrics.a = 1", count)), "at most 100");

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(10_000, false)]
    public void The_depth_is_limited(int depth, bool allowed) =>
        AssertAllowed(allowed, new string('(', depth) + "metrics.a = 1" + new string(')', depth), "at most 100 levels");

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    [InlineData(10_000_000, false)]
    public void The_length_is_limited(int length, bool allowed) =>
        AssertAllowed(allowed, "params.a = '" + new string('x', length - 13) + "'", "at most 65536");

    [Theory]
    [InlineData(4_000, true)]
    [InlineData(4_001, false)]
    public void The_length_of_a_pattern_is_limited(int length, bool allowed) =>
        AssertAllowed(allowed, "params.a LIKE '" + new string('%', length) + "'", "at most 4000");

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void The_length_of_a_list_of_numbers_is_limited(int length, bool allowed) =>
        AssertAllowed(allowed, $"metrics.a IN ({string.Join(",", Enumerable.Repeat("1", length))})", "at most 1000");

    internal static string? Meaning(string language, string filter)
    {
        try
        {
            return FilterParser.Parse(filter, Languages[language]) is { } condition ? Shown(condition) : "";
        }
        catch (Refusal)
        {
            return null;
        }
    }

    private static void AssertAllowed(bool allowed, string filter, string message)
    {
        if (allowed)
            Assert.NotNull(FilterParser.Parse(filter, RunLanguage.Language));
        else
            Assert.Contains(message, Assert.Throws<Refusal>(() => FilterParser.Parse(filter, RunLanguage.Language)).Message, StringComparison.Ordinal);
    }

    private static string Shown(Condition condition) => condition switch
    {
        AllOf all => $"({string.Join(" & ", all.Parts.Select(Shown))})",
        AnyOf any => $"({string.Join(" | ", any.Parts.Select(Shown))})",
        Negation not => "!" + Shown(not.Inner),
        Comparison c => $"{c.Field.Kind}:{c.Field.Key} {Reading(c.Field)}{c.Comparator} {string.Join(",", c.Values.Select(v => v.Value is double d ? d.ToString(System.Globalization.CultureInfo.InvariantCulture) : v.Value))}",
        _ => throw new InvalidOperationException(),
    };

    private static string Reading(Field field) => field.Reading switch
    {
        null or { Value: MetricValue.Latest } => "",
        { Value: MetricValue.At } at => $"At{at.Step}{(at.StepMicros == 0 ? "" : $"+{at.StepMicros}")} ",
        { } reading => $"{reading.Value}{(field.WholeKey is null ? "" : "?")} ",
    };
}
