using System.Security.Cryptography;
using System.Text;
using Baton.Server.Platform.Errors;
using Baton.Storage;

namespace Baton.Server.Platform.Webhooks;

/// <summary>
/// Keeps webhooks' secrets encrypted (AES-256-GCM) in the database, each bound to its webhook. The key is given, or made at first need in a file
/// of the data directory that only its owner can read: who has the database alone has no secret.
/// </summary>
internal sealed class WebhookSecrets(ServerOptions options)
{
    public const string KeyFile = "webhook.key";

    private const int KeyBytes = 32;

    private readonly Lazy<Task<byte[]>> _key = new(() => options.WebhookKey is { } given
        ? Task.FromResult(Convert.FromBase64String(given))
        : SecretFile.ReadOrCreateAsync(Path.Combine(options.DataDirectory, KeyFile), KeyBytes));

    public async Task<string> EncryptAsync(string webhookId, string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedBytes = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + plain.Length];
        var (nonce, tag, cipher) = Parts(sealedBytes);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(await _key.Value, tag.Length);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span, Encoding.UTF8.GetBytes(webhookId));
        return Convert.ToBase64String(sealedBytes);
    }

    public async Task<string> DecryptAsync(string webhookId, string kept)
    {
        var (nonce, tag, cipher) = Parts(Convert.FromBase64String(kept));
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(await _key.Value, tag.Length);
        try
        {
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain, Encoding.UTF8.GetBytes(webhookId));
        }
        catch (CryptographicException)
        {
            throw Refusal.NotReady("The webhook's secret was encrypted with another key than this server has: give that key, or set the secret anew.");
        }

        return Encoding.UTF8.GetString(plain);
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(byte[] whole)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return (whole.AsMemory(0, nonce), whole.AsMemory(nonce, tag), whole.AsMemory(nonce + tag));
    }
}
