using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Storage;

namespace Baton.Server.Artifacts;

/// <summary>Answers with a blob: each chunk is checked before it is sent, from the buffer it was checked in.</summary>
internal sealed class BlobResponse(BlobStore blobs, string digest, string contentType, string? fileName, long? modifiedAt = null)
    : RangedResponse(Digests.Hex(digest), modifiedAt, contentType, fileName)
{
    protected override async Task<IRangedContent> OpenAsync(CancellationToken cancellation) => new Content(
        await blobs.OpenAsync(Digest.Parse(digest), cancellation)
            ?? throw new Refusal(ProblemCode.BlobCorrupt, $"The stored file {digest} is missing; restore it from a backup."));

    private sealed class Content(BlobReader reader) : IRangedContent
    {
        public long Size => reader.Size;

        public Task CopyToAsync(Stream destination, long offset, long length, CancellationToken cancellation) =>
            reader.CopyToAsync(destination, offset, length, cancellation);

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
