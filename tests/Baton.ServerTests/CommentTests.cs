using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Comments;
using Baton.Server.Platform.Errors;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class CommentTests
{
    [Theory, EachDatabase]
    public async Task Contracts_versions_evidence_and_their_clauses_are_commented_on_and_the_comment_keeps_the_digest(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, handoff) = await server.HandOverAsync("m", TestServer.ContractOf("m"));
        var verified = await server.VerifyNextAsync(Verdict.Pass);
        var digests = new Dictionary<string, string>
        {
            [$"models/m/contracts/{handoff.ContractDigest}"] = handoff.ContractDigest,
            [$"models/m/contracts/{handoff.ContractDigest}/clauses/latency"] = handoff.ContractDigest,
            ["models/m/versions/1"] = verified.PackageDigest!,
            ["models/m/versions/1/clauses/metrics.roc_auc"] = verified.PackageDigest!,
            [$"models/m/evidence/{verified.EvidenceDigest}"] = verified.EvidenceDigest!,
            [$"models/m/evidence/{verified.EvidenceDigest}/clauses/latency"] = verified.EvidenceDigest!,
        };
        foreach (var (path, digest) in digests)
        {
            var comment = await server.Client.CommentAsync(path, "why so?");
            Assert.Equal((path, digest), (comment.On, comment.Anchor));
        }

        Assert.Equal(6, (await server.Client.ListCommentsAsync("models/m")).Count);
        Assert.Equal(2, (await server.Client.ListCommentsAsync("models/m/versions/1")).Count);
        Assert.Equal(6, (await server.Client.ReadLedgerAsync("models/m")).Entries.Count(e => e.Action == "comment.added"));

        foreach (var path in (string[])["models/m", "models/m/versions/9", "models/m/versions/1/stars/5", $"models/m/contracts/{handoff.ContractDigest}/clauses/memory", "models/n/versions/1",
            $"models/m/evidence/{verified.EvidenceDigest}/clauses/nothing", "runs/1", "x"])
            Assert.Equal("not_found", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.CommentAsync(path, "hm"))).Code);
        foreach (var text in (string[])["", " \n", new string('x', 4001), "a\u0007b"])
            Assert.Equal("invalid_request", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.CommentAsync("models/m/versions/1", text))).Code);
        Assert.Equal(6, (await server.Client.ListCommentsAsync("models/m")).Count);
    }

    [Theory, EachDatabase]
    public async Task A_comment_is_edited_by_its_author_and_resolved_and_reopened_by_anybody(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m");
        var comment = await server.Verb<AddComment>().HandleAsync(TestServer.As("ada"), "models/m/versions/1", "line one\r\nline two", default);
        Assert.Equal("line one\nline two", comment.Text);
        Assert.Equal("not_allowed", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.EditCommentAsync(comment.Id, "mine now"))).Code);
        var edited = await server.Verb<ChangeComment>().EditAsync(TestServer.As("ada"), comment.Id, "better", default);
        Assert.NotNull(edited.EditedAt);
        Assert.NotNull((await server.Client.ResolveCommentAsync(comment.Id)).ResolvedBy);
        // Resolved already: nothing more to record.
        await server.Client.ResolveCommentAsync(comment.Id);
        Assert.Null((await server.Client.ResolveCommentAsync(comment.Id, resolved: false)).ResolvedBy);
        var entries = (await server.Client.ReadLedgerAsync("models/m/versions/1")).Entries.Where(e => e.Action.StartsWith("comment.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["comment.added", "comment.edited", "comment.resolved", "comment.reopened"], entries.Select(e => e.Action));
        Assert.Equal("line one\nline two", entries[1].Detail!.Value.GetProperty("before").GetString());
        Assert.Equal("not_found", (await Assert.ThrowsAsync<BatonApiException>(() => server.Client.ResolveCommentAsync("nothing"))).Code);
        Assert.Equal(ProblemCode.InvalidRequest, (await Assert.ThrowsAsync<Refusal>(() => server.Verb<ChangeComment>().EditAsync(TestServer.As("ada"), comment.Id, " ", default))).Code);
    }
}
