using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.References;

/// <summary>Who holds which blob. Written in the change that makes the holder; what is held is never deleted.</summary>
internal static class BlobReferences
{
    public static Task<int> HoldAsync(this Change change, string holder, string digest) => change.Sql.ExecuteAsync(
        "INSERT INTO blob_references (project, digest, holder) VALUES (@Project, @digest, @holder) ON CONFLICT DO NOTHING",
        new { change.Project, digest, holder });

    public static async Task HoldAsync(this Change change, string holder, Manifest manifest)
    {
        foreach (var file in manifest.Files)
            await change.HoldAsync(holder, file.Sha256);
    }

    /// <summary>Whether anything, in any project, holds a blob.</summary>
    public static async Task<bool> IsHeldAsync(this Session sql, string digest) =>
        await sql.FirstOrDefaultAsync<string>("SELECT holder FROM blob_references WHERE digest = @digest LIMIT 1", new { digest }) is not null;

    /// <summary>The holders below a path, which ends in <c>/</c>, stand below another from now on.</summary>
    public static Task<int> MoveHoldersAsync(this Change change, string from, string to) => change.Sql.ExecuteAsync(
        // '0' follows '/': the range is all that begins with the path, and the index serves it.
        "UPDATE blob_references SET holder = @to || SUBSTR(holder, @tail) WHERE project = @Project AND holder >= @from AND holder < @end",
        new { change.Project, from, to, end = from[..^1] + "0", tail = CodePoints.Count(from) + 1 });

    public static Task<int> ReleaseAsync(this Change change, string holder) => change.Sql.ExecuteAsync(
        "DELETE FROM blob_references WHERE project = @Project AND holder = @holder",
        new { change.Project, holder });
}
