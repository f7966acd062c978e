using System.Globalization;
using System.Text;
using Baton.Contracts;
using CsCheck;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractCanonTests
{
    [Fact]
    public void The_canonical_form_is_this_and_stays_this()
    {
        // Signatures and evidence hang on the digest: a change here orphans all of them.
        var contract = ContractParser.ParseOrThrow(Checkout.Read("samples/flights/contract.yaml"));

        Assert.Equal(
            """
            baton-contract 1
            model "flight-delay"
            purpose "At departure, tell travellers whether their flight will arrive more than 15 minutes late."
            owners.model "data-science"
            owners.service "platform"
            clauses.reproduces.within 0.0001
            clauses.reproduces.rows.min 0.995
            clauses.metrics.roc_auc.min 0.6
            clauses.metrics.roc_auc.confidence 0.95
            clauses.metrics.roc_auc.group_by "date"
            clauses.metrics.roc_auc.against_production.min -0.005
            clauses.latency.percentile 95
            clauses.latency.max 100000000
            clauses.latency.load 20
            clauses.latency.rows 1
            clauses.memory.peak.max 268435456

            """,
            ContractCanon.Write(contract));
        Assert.Equal(Digests.Sha256(ContractCanon.Write(contract)), ContractCanon.Digest(contract));
    }

    [Fact]
    public void Comments_layout_order_and_spelling_of_quantities_do_not_show() =>
        Gen.Select(Gens.Easy, Gen.Int).Sample(
            (contract, seed) => ContractCanon.Digest(ContractParser.ParseOrThrow(Otherwise(contract, new Random(seed)))) == ContractCanon.Digest(contract),
            iter: 2_000);

    [Fact]
    public void Contracts_that_differ_have_different_digests() =>
        Gen.Select(Gens.Contract, Gens.Contract).Sample(
            (a, b) => ContractCanon.Digest(a) == ContractCanon.Digest(b) == (ContractDiff.Between(a, b).Count == 0), iter: 2_000);

    [Theory]
    [InlineData("min: 0.6", "min: 0.600")]
    [InlineData("min: 0.6", "min: 6e-1")]
    [InlineData("min: 0.6", "{confidence: 0.95, min: 0.6}")]
    public void One_number_has_one_digest(string one, string other) => Assert.Equal(Digest(one), Digest(other));

    [Fact]
    public void Minus_nought_is_nought() =>
        Assert.Equal(Digest("against_production: {min: 0}"), Digest("against_production: {min: -0.0}"));

    private static string Digest(string metric) =>
        ContractCanon.Digest(ContractParser.ParseOrThrow($"model: m\nclauses:\n  metrics:\n    roc_auc: {(metric[0] == '{' ? metric : "{" + metric + "}")}"));

    /// <summary>The same contract as somebody else might type it.</summary>
    private static string Otherwise(Contract c, Random random)
    {
        var metrics = c.Metrics.Select(m => (m.Metric, (string?)Mapping(random,
            ("min", Plain(m.Min)), ("max", Plain(m.Max)), ("confidence", Plain(m.Confidence)), ("group_by", Quote(m.GroupBy)),
            ("against_production", m.AgainstProduction is { } b ? Mapping(random, ("min", Plain(b.Min)), ("max", Plain(b.Max))) : null)))).ToArray();
        var clauses = Mapping(random,
            ("reproduces", c.Reproduces is { } r ? Mapping(random, ("within", Plain(r.Within)), ("rows", Mapping(random, ("min", Plain(r.MinShare))))) : null),
            ("metrics", metrics.Length > 0 ? Mapping(random, metrics) : null),
            ("latency", c.Latency is { } l ? Mapping(random,
                ($"p{l.Percentile}", $"{{max: {l.Max.Ticks / 10m} us}}"), ("load", $"\"{l.RequestsPerSecond:R} request/s\""), ("rows", $"{l.RowsPerRequest}")) : null),
            ("memory", c.Memory is { } x ? $"{{peak: {{max: {x.MaxBytes} B}}}}" : null));
        var owners = c.Owners is { } o ? Mapping(random, ("model", Quote(o.Model)), ("service", Quote(o.Service))) : null;
        (string, string?)[] fields = [("model", Quote(c.Model)), ("purpose", Quote(c.Purpose)), ("owners", owners), ("clauses", clauses)];
        random.Shuffle(fields);
        return string.Concat(fields.Where(f => f.Item2 is not null).Select(f => $"{Comment(random)}{f.Item1}:   {f.Item2}\n"));
    }

    private static string Mapping(Random random, params (string Key, string? Value)[] fields)
    {
        random.Shuffle(fields);
        return "{" + string.Join(random.Next(2) == 0 ? ", " : "  ,\n     ", fields.Where(f => f.Value is not null).Select(f => $"{f.Key}: {f.Value}")) + " }";
    }

    private static string Comment(Random random) => random.Next(2) == 0 ? "" : $"\n# note {random.Next()}\n";

    private static string? Plain(double? number) => number?.ToString("E16", CultureInfo.InvariantCulture);

    private static string? Quote(string? text)
    {
        if (text is null)
            return null;
        var quoted = new StringBuilder();
        foreach (var letter in text)
            quoted.Append(char.IsAsciiLetterOrDigit(letter) || char.IsSurrogate(letter) ? letter.ToString() : $"\\u{(int)letter:x4}");
        return $"\" {quoted} \"";
    }
}
