using Baton.Serving.Log;
using Xunit;

namespace Baton.UnitTests.Serving.Log;

public sealed class SealedFileTests
{
    private static readonly string Segment = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(40)).ToString("N");
    private static readonly DateOnly Day = new(2001, 2, 15);

    [Theory]
    [InlineData("default", "flight-delay")]
    [InlineData("a@b", "x/y")]
    [InlineData("p", "Zürich.parquet")]
    public void Its_name_tells_all_of_it(string project, string endpoint)
    {
        var file = SealedFile.Of(Segment, project, endpoint, Day);

        Assert.Equal(file, SealedFile.Parse("/spool/" + file.FileName));
        Assert.DoesNotContain('/', file.FileName);
    }

    [Fact]
    public void Its_id_is_a_UUIDv7_that_hangs_on_segment_project_endpoint_and_day_alone()
    {
        var file = SealedFile.Of(Segment, "p", "e", Day);

        Assert.Equal(file, SealedFile.Of(Segment, "p", "e", Day));
        Assert.Equal(7, Guid.Parse(file.Id).Version);
        Assert.Equal(Segment[..12], file.Id[..12]);
        SealedFile[] others =
        [
            SealedFile.Of(Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(41)).ToString("N"), "p", "e", Day), SealedFile.Of(Segment, "q", "e", Day),
            SealedFile.Of(Segment, "p", "f", Day), SealedFile.Of(Segment, "p", "e", Day.AddDays(1)),
        ];
        Assert.Equal(5, others.Append(file).Select(f => f.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("0190.rows")]
    [InlineData("0190@2001-02-15@p.parquet")]
    [InlineData("0190@15.2.2001@p@e.parquet")]
    public void Other_names_are_none(string name) => Assert.Null(SealedFile.Parse(name));
}
