using System.Text.RegularExpressions;
using Baton.Server.Platform.Search;
using Baton.Server.Runs.Searching;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Search;

/// <summary>The page on search is tried out: every example parses, every attribute is named.</summary>
public sealed partial class SearchPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "search.md"));

    public static TheoryData<string, string> Filters => [.. Examples("filter")];

    public static TheoryData<string, string> Orders => [.. Examples("order")];

    [Theory, MemberData(nameof(Filters))]
    public void Every_filter_of_the_page_parses(string language, string filter) => Assert.NotEqual("", FilterParserTests.Meaning(language, filter) ?? "");

    [Theory, MemberData(nameof(Orders))]
    public void Every_order_of_the_page_parses(string language, string clause)
    {
        Assert.Equal("runs", language);
        Assert.Single(OrderParser.Parse([clause], RunLanguage.Language));
    }

    [Fact]
    public void The_page_names_every_attribute() => Assert.All(
        FilterParserTests.Languages.Values.SelectMany(l => l.Attributes.Values.Select(a => a.Name)).Distinct(),
        name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    private static IEnumerable<(string, string)> Examples(string kind) => Fence().Matches(Page)
        .Where(m => m.Groups[1].Value == kind)
        .SelectMany(m => m.Groups[3].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (m.Groups[2].Value, line)));

    [GeneratedRegex("^```(\\w+) (\\w+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
