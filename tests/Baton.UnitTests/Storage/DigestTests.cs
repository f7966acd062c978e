using System.Security.Cryptography;
using System.Text;
using Baton.Storage;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Storage;

public sealed class DigestTests
{
    private const string OfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void It_is_written_as_sha256_and_hex() => Assert.Equal(OfAbc, Digest.Of(Encoding.ASCII.GetBytes("abc")).ToString());

    [Fact]
    public void What_is_written_reads_back_equal() => Gen.Byte.Array.Sample(bytes =>
    {
        var digest = Digest.Of(bytes);
        Assert.Equal(digest, Digest.Parse(digest.ToString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digest.Hex);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015adb")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../etc/pass")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Digest.Parse(text ?? ""));
    }

    [Fact]
    public void The_default_value_cannot_pass_for_a_digest() => Assert.Throws<InvalidOperationException>(() => default(Digest).ToString());
}
