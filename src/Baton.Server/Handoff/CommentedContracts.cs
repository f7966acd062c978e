using System.Globalization;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Comments;
using Baton.Server.Registry;

namespace Baton.Server.Handoff;

/// <summary>Lets people comment on contracts, versions, and their clauses.</summary>
internal sealed class CommentedContracts(HandoffStore store, RegistryStore registry) : ICommentable
{
    public async Task<CommentedThing?> FindAsync(Session sql, string project, string path)
    {
        switch (path.Split('/', 6))
        {
            case ["models", var model, "contracts", var digest, .. var rest]:
                return await store.FindContractAsync(sql, project, model, digest) is { } contract && IsClause(rest, contract.Document)
                    ? new CommentedThing($"models/{model}", digest)
                    : null;
            case ["models", var model, "versions", var text, .. var rest] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return rest is [] or ["clauses", { Length: > 0 }] && await registry.FindVersionAsync(sql, project, model, number) is { } version
                    ? new CommentedThing(version.Subject, version.ManifestDigest ?? "")
                    : null;
            default:
                return null;
        }
    }

    private static bool IsClause(string[] rest, string document) => rest is []
        || (rest is ["clauses", var clause] && ClauseText.Find(ContractParser.ParseOrThrow(document), clause) is not null);
}
