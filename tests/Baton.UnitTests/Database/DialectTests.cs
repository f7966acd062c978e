using System.Text.RegularExpressions;
using Baton.Database;
using Baton.Testing;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class DialectTests
{
    private const string Letters = "aAb%_*?[]\\^-";

    // A pattern made from its value, so that many match: letters kept, turned into wildcards, into the other case, or into another letter.
    private static readonly Gen<(string Value, string Pattern)> Cases = Gen
        .Select(Gen.Char[Letters], Gen.Int[0, 7], Gen.Char[Letters], (letter, change, other) => (letter, InPattern: change switch
        {
            0 => "_",
            1 => "%",
            2 => char.IsUpper(letter) ? char.ToLowerInvariant(letter).ToString() : char.ToUpperInvariant(letter).ToString(),
            3 => other.ToString(),
            _ => letter.ToString(),
        }))
        .Array[0, 5]
        .Select(parts => (string.Concat(parts.Select(part => part.letter)), string.Concat(parts.Select(part => part.InPattern))));

    [Theory, EachDatabase]
    public async Task Like_and_ILike_mean_the_same_on_both_engines(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test);
        await Cases.SampleAsync(
            async sample =>
            {
                var (value, pattern) = sample;
                var like = database.Dialect.Like("v.value", "@pattern");
                var ilike = database.Dialect.ILike("v.value", "@pattern");
                var sql = $"SELECT {like} AS like_matches, {ilike} AS i_like_matches FROM (SELECT CAST(@value AS TEXT) AS value) v";
                var found = await database.ReadAsync(session => session.FirstOrDefaultAsync<Matches>(sql, new { value, pattern }));
                Assert.Equal(new Matches { LikeMatches = Expected(value, pattern, false), ILikeMatches = Expected(value, pattern, true) }, found);
            },
            iter: 250, threads: 1);
    }

    [Theory, EachDatabase]
    public async Task In_finds_the_listed_and_nothing_for_an_empty_list(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(async session => await session.AddAsync(1) + await session.AddAsync(2) + await session.AddAsync(3));
        Task<IReadOnlyList<long>> FindAsync(params string[] names) => database.ReadAsync(session => session.QueryAsync<long>(
            $"SELECT id FROM items WHERE {session.Dialect.In("name", "@names")} ORDER BY id", new { names }));

        Assert.Equal([1, 3], await FindAsync("item 1", "item 3", "item 9"));
        Assert.Empty(await FindAsync());
        Assert.Equal([2], await FindAsync([.. Enumerable.Range(0, 30_000).Select(n => $"other {n}"), "item 2"]));
    }

    [Theory, EachDatabase]
    public async Task For_update_can_follow_a_select_inside_a_write(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);
        await database.WriteAsync(session => session.AddAsync(1));

        Assert.Equal(1, await database.WriteAsync(session => session.ScalarAsync<long>("SELECT id FROM items WHERE id = 1" + session.Dialect.ForUpdate)));
    }

    [Theory, EachDatabase]
    public async Task Text_is_ordered_by_its_bytes(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test);

        Assert.Equal(["B", "Z", "_", "a", "b", "é"], await database.ReadAsync(session => session.QueryAsync<string>(
            "SELECT t.x FROM (SELECT 'b' AS x UNION SELECT 'B' UNION SELECT 'a' UNION SELECT 'Z' UNION SELECT '_' UNION SELECT 'é') t ORDER BY t.x")));
    }

    private static bool Expected(string value, string pattern, bool ignoreCase) => Regex.IsMatch(
        value,
        "^" + Regex.Escape(pattern).Replace("%", ".*").Replace("_", ".") + "$",
        RegexOptions.Singleline | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    private sealed record Matches
    {
        public bool LikeMatches { get; init; }

        public bool ILikeMatches { get; init; }
    }
}
