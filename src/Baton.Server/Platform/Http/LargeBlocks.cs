using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Baton.Server.Platform.Http;

/// <summary>
/// Gives the web server's pipes blocks of 64 KiB. Its own are of 4 KiB: a file then takes a call of the system for every 4 KiB that comes in, which
/// costs more than hashing it (docs/adr/0010). A connection holds a block only while bytes are under way.
/// </summary>
internal sealed class LargeBlocks : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Blocks();

    private sealed class Blocks : MemoryPool<byte>
    {
        private const int BlockBytes = 64 * 1024;

        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => minBufferSize > BlockBytes
            ? throw new ArgumentOutOfRangeException(nameof(minBufferSize), minBufferSize, $"At most {BlockBytes} bytes.")
            : new Block();

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block : IMemoryOwner<byte>
        {
            private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(BlockBytes);

            public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
                    ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }
}
