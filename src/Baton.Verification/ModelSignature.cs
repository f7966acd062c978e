using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Baton.Verification;

/// <summary>
/// A signature of a package as OpenSSF model signing makes it: a DSSE envelope (https://github.com/secure-systems-lab/dsse), bare or in a Sigstore bundle, over
/// an in-toto statement whose subject is the SHA-256 over the raw digests of the files in the order of their names.
/// </summary>
/// <param name="PayloadType">Type of what is signed.</param>
/// <param name="Payload">What is signed: the statement.</param>
/// <param name="Signatures">The signatures.</param>
/// <param name="PublicKey">The signer's key as DER SubjectPublicKeyInfo, where the bundle carries it.</param>
internal sealed record ModelSignature(string PayloadType, byte[] Payload, IReadOnlyList<byte[]> Signatures, byte[]? PublicKey)
{
    /// <summary>The signature's file in the package; it is not signed itself.</summary>
    public const string FileName = "model.sig";

    /// <summary>The signer's public key (PEM) in the package, where the bundle does not carry it.</summary>
    public const string KeyFileName = "model.pub";

    /// <summary>Reads a signature.</summary>
    /// <exception cref="InvalidDataException">It is none; the message says why, as the end of a sentence.</exception>
    public static ModelSignature Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var envelope = root.TryGetProperty("dsseEnvelope", out var inside) ? inside : root;
            return new ModelSignature(
                envelope.GetProperty("payloadType").GetString()!,
                Convert.FromBase64String(envelope.GetProperty("payload").GetString()!),
                [.. envelope.GetProperty("signatures").EnumerateArray().Select(s => Convert.FromBase64String(s.GetProperty("sig").GetString()!))],
                KeyOf(root));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentNullException or CryptographicException)
        {
            throw new InvalidDataException($"it is no DSSE envelope: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Digests of the statement's subjects, lower-case hex.</summary>
    /// <exception cref="InvalidDataException">The payload is no in-toto statement.</exception>
    public IReadOnlyList<string> Subjects()
    {
        try
        {
            using var statement = JsonDocument.Parse(Payload);
            return [.. statement.RootElement.GetProperty("subject").EnumerateArray().Select(s => s.GetProperty("digest").GetProperty("sha256").GetString()!.ToLowerInvariant())];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"what it signs is no in-toto statement: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Whether one of the signatures is this key's: ECDSA (the hash of its curve) or RSA (PSS or PKCS #1, SHA-256).</summary>
    /// <param name="publicKey">DER SubjectPublicKeyInfo.</param>
    public bool IsBy(byte[] publicKey)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(PayloadType)} {PayloadType} {Payload.Length} "), .. Payload];
        using var curve = Imported(ECDsa.Create(), publicKey);
        if (curve is not null)
        {
            var hash = curve.KeySize switch { 384 => HashAlgorithmName.SHA384, 521 => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
            return Signatures.Any(s => curve.VerifyData(signed, s, hash, DSASignatureFormat.Rfc3279DerSequence)
                || curve.VerifyData(signed, s, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }

        using var rsa = Imported(RSA.Create(), publicKey);
        return rsa is not null && Signatures.Any(s => rsa.VerifyData(signed, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            || rsa.VerifyData(signed, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>What a package's subject must be: SHA-256 over the raw digests of its files in ordinal order, lower-case hex.</summary>
    public static string SubjectOf(Baton.Contracts.Manifest package) => Convert.ToHexStringLower(SHA256.HashData(
    [
        .. package.Files.Where(f => f.Path != FileName).OrderBy(f => f.Path, StringComparer.Ordinal)
            .SelectMany(f => Convert.FromHexString(Baton.Contracts.Digests.Hex(f.Sha256))),
    ]));

    private static T? Imported<T>(T key, byte[] der)
        where T : AsymmetricAlgorithm
    {
        try
        {
            key.ImportSubjectPublicKeyInfo(der, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static byte[]? KeyOf(JsonElement root)
    {
        if (!root.TryGetProperty("verificationMaterial", out var material))
            return null;
        if (material.TryGetProperty("publicKey", out var key) && key.TryGetProperty("rawBytes", out var raw))
            return Convert.FromBase64String(raw.GetString()!);
        var certificate = material.TryGetProperty("certificate", out var single) ? single
            : material.TryGetProperty("x509CertificateChain", out var chain) && chain.TryGetProperty("certificates", out var many) && many.GetArrayLength() > 0 ? many[0]
            : default;
        if (certificate.ValueKind != JsonValueKind.Object)
            return null;
        using var loaded = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate.GetProperty("rawBytes").GetString()!));
        return loaded.PublicKey.ExportSubjectPublicKeyInfo();
    }
}
