using Baton.Contracts;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractRoundTripTests
{
    [Fact]
    public void What_is_written_reads_back_the_same() =>
        Gens.Contract.Sample(
            contract => Documents.Write(contract) == Documents.Write(ContractParser.ParseOrThrow(ContractWriter.Write(contract))),
            iter: 5_000);

    [Fact]
    public void Any_text_gives_a_contract_or_problems_and_never_an_exception() =>
        Gen.OneOf(Gen.String[Gen.Char, 0, 60], Gen.String[Gen.Char[" \n:{}[],#&*!|>'\"%@`-?abcp95\t\\~\r"], 0, 80])
            .Sample(text => IsOneOrTheOther(ContractParser.Parse(text)), iter: 10_000);

    [Fact]
    public void A_contract_with_a_slip_gives_a_contract_or_problems_and_never_an_exception()
    {
        var good = Checkout.Read("samples/flights/contract.yaml");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 12], Gen.String[Gen.Char[" \n:{}[],#&*!|>'\"%-?ap95\t\\0."], 0, 6])
            .Array[1, 4]
            .Sample(
                slips => IsOneOrTheOther(ContractParser.Parse(slips.Aggregate(good, (text, slip) => Slip(text, slip.Item1, slip.Item2, slip.Item3)))),
                iter: 10_000);
    }

    private static string Slip(string text, int at, int drop, string insert)
    {
        var start = Math.Min(at, text.Length);
        return text[..start] + insert + text[Math.Min(text.Length, start + drop)..];
    }

    private static bool IsOneOrTheOther(ContractParseResult result) =>
        result.Contract is not null == (result.Problems.Count == 0) && result.Problems.All(p => p is { Line: >= 1, Column: >= 1, Message.Length: > 0 });
}
