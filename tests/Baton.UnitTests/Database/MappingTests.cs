using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

public sealed class MappingTests
{
    private const string Table = """
        CREATE TABLE samples (
            row_number BIGINT NOT NULL PRIMARY KEY, is_set BOOLEAN NULL, small_number INTEGER NULL, big_number BIGINT NULL,
            real_number DOUBLE PRECISION NULL, some_text TEXT NULL, some_bytes BYTEA NULL)
        """;

    private static readonly Sample Full = new()
    {
        RowNumber = 1,
        IsSet = true,
        SmallNumber = int.MinValue,
        BigNumber = long.MaxValue,
        RealNumber = 0.1,
        SomeText = "flug\u00e9 ✈ 'x'",
        SomeBytes = [0, 255, 7],
    };

    [Theory, EachDatabase]
    public async Task A_record_comes_back_as_it_was_written(Engine engine)
    {
        var read = await RoundTripAsync<Sample>(engine, Full);

        Assert.Equal(Full with { SomeBytes = read[0].SomeBytes }, read[0]);
        Assert.Equal(Full.SomeBytes, read[0].SomeBytes);
    }

    [Theory, EachDatabase]
    public async Task Nulls_come_back_as_nulls(Engine engine) =>
        Assert.Equal([new Sample { RowNumber = 1 }], await RoundTripAsync<Sample>(engine, new Sample { RowNumber = 1 }));

    [Theory, EachDatabase]
    public async Task A_null_in_the_first_row_does_not_spoil_the_rows_after_it(Engine engine)
    {
        var read = await RoundTripAsync<Sample>(engine, new Sample { RowNumber = 1 }, Full with { RowNumber = 2 }, new Sample { RowNumber = 3 });

        Assert.Equal((true, int.MinValue, long.MaxValue, 0.1, Full.SomeText), (read[1].IsSet, read[1].SmallNumber, read[1].BigNumber, read[1].RealNumber, read[1].SomeText));
        Assert.Equal(Full.SomeBytes, read[1].SomeBytes);
        Assert.Null(read[2].IsSet);
    }

    [Theory, EachDatabase]
    public async Task Columns_that_are_never_null_map_to_plain_properties(Engine engine)
    {
        var read = await RoundTripAsync<Plain>(engine, Full, Full with { RowNumber = 2, IsSet = false, RealNumber = 3 });

        Assert.Equal([new Plain(true, int.MinValue, 0.1), new Plain(false, int.MinValue, 3)], read);
    }

    [Theory, EachDatabase]
    public async Task Scalars_are_converted_to_the_type_asked_for(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);

        Assert.Equal(0, await database.ReadAsync(session => session.ScalarAsync<int>("SELECT COUNT(*) FROM samples")));
        Assert.True(await database.ReadAsync(session => session.ScalarAsync<bool>("SELECT COUNT(*) = 0 FROM samples")));
        Assert.Null(await database.ReadAsync(session => session.ScalarAsync<long?>("SELECT MAX(big_number) FROM samples")));
        Assert.Equal("a", await database.ReadAsync(session => session.ScalarAsync<string>("SELECT 'a'")));
        Assert.Null(await database.ReadAsync(session => session.FirstOrDefaultAsync<Sample>("SELECT * FROM samples")));
    }

    [Theory, EachDatabase]
    public async Task A_list_of_arguments_runs_the_statement_once_for_each(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.WithItemsAsync(test);

        var changed = await database.WriteAsync(session => session.ExecuteAsync(
            "INSERT INTO items (id, name) VALUES (@Id, @Name)", Enumerable.Range(1, 5).Select(id => new { Id = (long)id, Name = $"n{id}" })));

        Assert.Equal((5, 5), (changed, await database.CountAsync()));
    }

    private static async Task<IReadOnlyList<T>> RoundTripAsync<T>(Engine engine, params Sample[] samples)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        await using var database = await Schema.OpenAsync(test, Table);
        await database.WriteAsync(session => session.ExecuteAsync(
            "INSERT INTO samples VALUES (@RowNumber, @IsSet, @SmallNumber, @BigNumber, @RealNumber, @SomeText, @SomeBytes)", samples));
        return await database.ReadAsync(session => session.QueryAsync<T>("SELECT * FROM samples ORDER BY row_number"));
    }

    private sealed record Sample
    {
        public long RowNumber { get; init; }

        public bool? IsSet { get; init; }

        public int? SmallNumber { get; init; }

        public long? BigNumber { get; init; }

        public double? RealNumber { get; init; }

        public string? SomeText { get; init; }

        public byte[]? SomeBytes { get; init; }
    }

    private sealed record Plain
    {
        public Plain()
        {
        }

        public Plain(bool isSet, int smallNumber, double realNumber) => (IsSet, SmallNumber, RealNumber) = (isSet, smallNumber, realNumber);

        public bool IsSet { get; init; }

        public int SmallNumber { get; init; }

        public double RealNumber { get; init; }
    }
}
