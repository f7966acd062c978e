using Baton.Contracts;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Verification;

/// <summary>Data that only the service side knows.</summary>
internal sealed record Holdout
{
    public string Model { get; init; } = "";

    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public long Size { get; init; }

    /// <summary>JSON of the <see cref="ReferenceColumns"/>.</summary>
    public string Columns { get; init; } = "";

    public string UploadedBy { get; init; } = "";

    public long UploadedAt { get; init; }

    /// <summary>Verifications that carried these bytes.</summary>
    public long Uses { get; init; }

    /// <summary>What holds the bytes.</summary>
    public static string HolderOf(string model, string name) => $"models/{model}/holdouts/{name}";
}

/// <summary>A holdout on the wire: what it is, never what is in it.</summary>
internal sealed record HoldoutView(string Model, string Name, string Sha256, long Size, long Uses, ReferenceColumns Columns, string UploadedBy, DateTimeOffset UploadedAt)
{
    public static HoldoutView Of(Holdout h) => new(
        h.Model, h.Name, h.Digest, h.Size, h.Uses, Documents.Read<ReferenceColumns>(h.Columns), h.UploadedBy, Instants.FromMicros(h.UploadedAt));
}
