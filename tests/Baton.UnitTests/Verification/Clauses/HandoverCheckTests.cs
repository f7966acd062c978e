using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.Verification;
using Baton.Verification.Clauses;
using Baton.Verification.Clauses.Handover;
using Baton.Verification.Pickles;
using Baton.Verification.Reference;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

/// <summary>Pickles, signatures, provenance, ranges.</summary>
public sealed class HandoverCheckTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("80025d71002e", "")] // []
    [InlineData("80049514000000000000008c086275696c74696e73948c0373657494932e", "builtins.set")] // protocol 4: STACK_GLOBAL
    [InlineData("80048c026f73948c0673797374656d94932e", "os.system")]
    [InlineData("80048c026f738c0673797374656d8c0b636f6c6c656374696f6e738c0b4f7264657265644469637486305d30932e", PickleScan.MadeUp)] // names hidden under others
    [InlineData("636f730a73797374656d0a2853276c73270a74522e", "os.system")] // protocol 0: GLOBAL
    public void A_pickle_is_read_without_being_run(string hex, string names)
    {
        using var stream = new MemoryStream(Convert.FromHexString(hex));
        var found = PickleScan.Read(stream);

        Assert.Null(found.Fault);
        Assert.Equal(names.Length == 0 ? [] : [names], found.Names);
    }

    [Theory]
    [InlineData("8002", "ends in the middle")]
    [InlineData("80025dff2e", "no opcode (0xff)")]
    [InlineData("800258ffffffff61", "ends in the middle")]
    public void A_pickle_that_cannot_be_followed_is_not_harmless(string hex, string expected)
    {
        using var stream = new MemoryStream(Convert.FromHexString(hex));

        Assert.Contains(expected, new FoundPickle("x", PickleScan.Read(stream)).Harm, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forbidden", "80025d71002e", Verdict.Fail)]
    [InlineData("scanned", "80025d71002e", Verdict.Pass)]
    [InlineData("scanned", "636f730a73797374656d0a2853276c73270a74522e", Verdict.Fail)]
    [InlineData("allowed", "636f730a73797374656d0a2853276c73270a74522e", Verdict.Pass)]
    [InlineData("forbidden", null, Verdict.Pass)]
    public async Task Pickles_are_met_as_the_contract_says(string how, string? hex, Verdict expected)
    {
        await File.WriteAllTextAsync(_folder.File("notes.txt"), "no pickle", TestContext.Current.CancellationToken);
        if (hex is not null)
            await File.WriteAllBytesAsync(_folder.File("columns.pkl"), Convert.FromHexString(hex), TestContext.Current.CancellationToken);

        Assert.Equal(expected, PickleCheck.Judge(Contract($"security: {{pickle: {how}}}"), _folder.Path, await PackageAsync()).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signature_by_the_named_key_over_these_files_passes(bool rsa)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await SignAsync(key, bundle: true);

        Assert.Equal(Verdict.Pass, (await JudgeAsync(key)).Verdict);
    }

    [Fact]
    public async Task A_bare_envelope_finds_its_key_in_the_package()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(_folder.File(ModelSignature.KeyFileName), key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        await SignAsync(key, bundle: false);

        Assert.Equal(Verdict.Pass, (await JudgeAsync(key)).Verdict);
    }

    [Fact]
    public async Task Another_key_other_files_and_a_forged_signature_fail()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await SignAsync(key, bundle: true);
        Assert.Contains("the contract names", (await JudgeAsync(other)).Reason, StringComparison.Ordinal);

        await SignAsync(key, bundle: true, forgedBy: other);
        Assert.Contains("damaged or forged", (await JudgeAsync(key)).Reason, StringComparison.Ordinal);

        await SignAsync(key, bundle: true);
        await File.WriteAllTextAsync(_folder.File("model.onnx"), "another model", TestContext.Current.CancellationToken);
        Assert.Contains("of other files", (await JudgeAsync(key)).Reason, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder.File(ModelSignature.FileName), "signed: me", TestContext.Current.CancellationToken);
        Assert.Contains("no DSSE envelope", (await JudgeAsync(key)).Reason, StringComparison.Ordinal);
        File.Delete(_folder.File(ModelSignature.FileName));
        Assert.Equal(Verdict.Fail, (await JudgeAsync(key)).Verdict);
    }

    [Theory]
    [InlineData(null, false, Verdict.Pass)]
    [InlineData(null, true, Verdict.Fail)]
    [InlineData("provenance: {require: [commit, clean_tree]}", false, Verdict.Pass)]
    [InlineData("provenance: {require: [environment]}", false, Verdict.Fail)]
    [InlineData("provenance: {licences: [MIT]}", false, Verdict.Fail)]
    public void Provenance_is_held_to_what_the_contract_asks(string? clause, bool dirty, Verdict expected)
    {
        var claims = FlightsSample.Claims("champion") with { Code = new CodeClaim { Commit = "9c1f2d3e4b5a", Dirty = dirty }, Licence = "Apache-2.0", Environment = null };

        Assert.Equal(expected, ProvenanceCheck.Judge(Contract(clause ?? "reproduces: {}"), claims).Verdict);
    }

    [Fact]
    public void Nothing_said_of_the_making_passes_and_says_so_and_kept_changes_are_no_fault()
    {
        var silent = FlightsSample.Claims("champion") with { Code = null, RunId = null };
        Assert.Contains("say nothing", ProvenanceCheck.Judge(Contract("reproduces: {}"), silent).Reason, StringComparison.Ordinal);
        var kept = silent with { Code = new CodeClaim { Commit = "9c1f2d3e4b5a", Dirty = true, Diff = Digests.Sha256("diff") } };
        Assert.Equal(Verdict.Pass, ProvenanceCheck.Judge(Contract("reproduces: {}"), kept).Verdict);
        Assert.Equal(Verdict.Fail, ProvenanceCheck.Judge(Contract("provenance: {require: [clean_tree]}"), kept).Verdict);
    }

    [Fact]
    public void Rows_that_leave_the_claimed_ranges_are_named()
    {
        var rows = ReferenceRows.Of(
            new Table([new Column("id", new[] { "a", "b", "c" }), new Column("label", new[] { 0, 1, 0 }), new Column("age", new[] { 17.0, 40, 200 }, [false, true, false]), new Column("region", new[] { "n", "s", "n" })]),
            new ReferenceColumns { Id = "id", Label = "label" });
        TensorClaim age = new("age", "FP32", [-1, 1]), region = new("region", "BYTES", [-1, 1]);
        List<string> Broken(params TensorClaim[] inputs) => [.. InputRanges.Broken(new InterfaceClaim { Inputs = inputs, Outputs = [] }, rows)];

        Assert.Empty(Broken(age with { Min = 17, Max = 200, Nullable = true }, region with { Values = ["n", "s"] }));
        Assert.Contains("at least 18 and at most 120, and 2 rows are outside, e.g. 17 (a, c)", Broken(age with { Min = 18, Max = 120 }).Single(), StringComparison.Ordinal);
        Assert.Contains("1 row has none (b)", Broken(age with { Nullable = false }).Single(), StringComparison.Ordinal);
        Assert.Contains("'s' (b)", Broken(region with { Values = ["n"] }).Single(), StringComparison.Ordinal);
    }

    private static Contract Contract(string clauses) => ContractParser.ParseOrThrow($"model: m\nclauses:\n  {clauses}\n");

    private async Task<Package> PackageAsync() => await Package.ReadAsync(_folder.Path, FlightsSample.Claims("champion"), null, default);

    private async Task<ClauseResult> JudgeAsync(AsymmetricAlgorithm key)
    {
        var digest = Digests.Sha256(key.ExportSubjectPublicKeyInfo());
        return await SignatureCheck.JudgeAsync(Contract($"security: {{signed_by: '{digest}'}}"), digest, _folder.Path, await PackageAsync(), default);
    }

    // As OpenSSF model signing does: PAE of an in-toto statement over the digest of the digests.
    private async Task SignAsync(AsymmetricAlgorithm key, bool bundle, AsymmetricAlgorithm? forgedBy = null)
    {
        await File.WriteAllTextAsync(_folder.File("model.onnx"), "model");
        await File.WriteAllTextAsync(_folder.File("MLmodel"), "flavors");
        using var sums = new MemoryStream();
        foreach (var file in Directory.GetFiles(_folder.Path).Where(f => Path.GetFileName(f) != "model.sig").Order(StringComparer.Ordinal))
            sums.Write(SHA256.HashData(await File.ReadAllBytesAsync(file)));
        var statement = Encoding.UTF8.GetBytes(
            """{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":"SUM"}}],"predicateType":"https://model_signing/signature/v1.0"}"""
                .Replace("SUM", Convert.ToHexStringLower(SHA256.HashData(sums.ToArray())), StringComparison.Ordinal));
        const string Type = "application/vnd.in-toto+json";
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {Type.Length} {Type} {statement.Length} "), .. statement];
        var signature = (forgedBy ?? key) switch
        {
            ECDsa curve => curve.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            RSA rsa => rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            _ => throw new InvalidOperationException(),
        };
        object envelope = new { payloadType = Type, payload = Convert.ToBase64String(statement), signatures = new[] { new { sig = Convert.ToBase64String(signature), keyid = "" } } };
        await File.WriteAllTextAsync(_folder.File("model.sig"), JsonSerializer.Serialize(bundle
            ? new
            {
                mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json",
                verificationMaterial = new { publicKey = new { rawBytes = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) } },
                dsseEnvelope = envelope,
            }
            : envelope));
    }
}
