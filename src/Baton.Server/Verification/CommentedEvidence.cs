using Baton.Database;
using Baton.Server.Platform.Comments;
using Baton.Server.Registry;

namespace Baton.Server.Verification;

/// <summary>Lets people comment on evidence and its clauses.</summary>
internal sealed class CommentedEvidence(VerificationStore store) : ICommentable
{
    public async Task<CommentedThing?> FindAsync(Session sql, string project, string path)
    {
        if (path.Split('/', 6) is not ["models", var model, "evidence", var digest, .. var rest] || rest is not ([] or ["clauses", _]))
            return null;
        if (await store.FindByEvidenceAsync(sql, project, model, digest) is not { } verification)
            return null;
        if (rest is ["clauses", var clause] && !(await store.FindEvidenceAsync(sql, project, digest))!.Clauses.Any(c => c.Name == clause))
            return null;
        return new CommentedThing(ModelVersion.SubjectOf(model, verification.Version), digest);
    }
}
