using System.Buffers;
using Baton.Server.Platform.Errors;
using Baton.Storage;

namespace Baton.Server.Artifacts;

/// <summary>Answers with a file that a client wrote into its own storage. Nobody has its digest, so its size and time stand for it.</summary>
internal sealed class OuterFileResponse(OuterFolder folder, ArtifactFile file, string contentType, string fileName)
    : RangedResponse($"{file.Size:x}-{file.ModifiedAt:x}", file.ModifiedAt, contentType, fileName)
{
    protected override Task<IRangedContent> OpenAsync(CancellationToken cancellation) => Task.FromResult<IRangedContent>(
        new Content(folder.Open(file.Path) ?? throw Refusal.NotFound($"There is no artifact '{file.Path}'."), file.Size));

    private sealed class Content(Stream stream, long size) : IRangedContent
    {
        public long Size => size;

        public async Task CopyToAsync(Stream destination, long offset, long length, CancellationToken cancellation)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
            try
            {
                stream.Position = offset;
                while (length > 0)
                {
                    var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancellation);
                    if (read == 0)
                        throw new IOException("The file became shorter while it was sent.");
                    await destination.WriteAsync(buffer.AsMemory(0, read), cancellation);
                    length -= read;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
