using System.Security.Cryptography;
using Baton.Contracts;

namespace Baton.Verification.Clauses.Handover;

/// <summary><c>security.signature</c>: the key that the contract names signed exactly these files.</summary>
internal static class SignatureCheck
{
    /// <summary>The clause's name.</summary>
    public const string Name = "security.signature";

    private const long LargestFile = 16 << 20;

    /// <summary>Checks the signature in the package.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="signedBy">SHA-256 of the key that must have signed.</param>
    /// <param name="root">Folder of the package.</param>
    /// <param name="package">The package.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static async Task<ClauseResult> JudgeAsync(Contract contract, string signedBy, string root, Package package, CancellationToken cancellation)
    {
        ClauseResult Of(Verdict verdict, string reason) => Found.Unmeasured(Name, Found.Demand(contract, Name), EvidenceLevel.Extracted, verdict, reason);
        async Task<byte[]?> ReadAsync(string name) => package.Manifest.Files.Any(f => f.Path == name && f.Size <= LargestFile)
            ? await File.ReadAllBytesAsync(Path.Combine(Path.GetFullPath(root), name), cancellation)
            : null;
        if (await ReadAsync(ModelSignature.FileName) is not { } file)
            return Of(Verdict.Fail, $"The package has no {ModelSignature.FileName}. Sign it (model_signing sign key, or any OpenSSF model signing) with the key that the contract names.");
        try
        {
            var signature = ModelSignature.Parse(file);
            if ((signature.PublicKey ?? Key(await ReadAsync(ModelSignature.KeyFileName))) is not { } key)
                return Of(Verdict.Fail, $"Neither {ModelSignature.FileName} nor {ModelSignature.KeyFileName} holds the signer's public key. Put the key (PEM) into the package as {ModelSignature.KeyFileName} before it is signed.");
            var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(key))}";
            Fact[] facts = [new("key", digest)];
            if (Digests.Hex(digest) != Digests.Hex(signedBy))
                return Of(Verdict.Fail, $"The package is signed by key {digest}; the contract names {signedBy}.") with { Facts = facts };
            if (!signature.IsBy(key))
                return Of(Verdict.Fail, $"The signature in {ModelSignature.FileName} is not by the key that it names: it is damaged or forged.") with { Facts = facts };
            var subject = ModelSignature.SubjectOf(package.Manifest);
            return (signature.Subjects().Contains(subject)
                ? Of(Verdict.Pass, $"The key that the contract names signed these {Phrases.Count(package.Manifest.Files.Count - 1, "file")}.")
                : Of(Verdict.Fail, $"The signature is of other files: it names {Phrases.Some(signature.Subjects())}, and the package is {subject}. Sign the package as it is handed over.")) with
            { Facts = facts };
        }
        catch (InvalidDataException e)
        {
            return Of(Verdict.Fail, $"{ModelSignature.FileName} cannot be read: {e.Message}.");
        }
    }

    private static byte[]? Key(byte[]? pem)
    {
        if (pem is null)
            return null;
        try
        {
            var text = System.Text.Encoding.UTF8.GetString(pem);
            var fields = PemEncoding.Find(text);
            return Convert.FromBase64String(text[fields.Base64Data]);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{ModelSignature.KeyFileName} is no PEM public key", e);
        }
    }
}
