using System.CommandLine;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary><c>baton handoff comment</c>: says something of a contract, a version, or a clause of either.</summary>
internal sealed class HandoffCommentVerb : Command
{
    private readonly Argument<string> _subject = new("models:/NAME[/VERSION]") { Description = "A version, or a model for its contract" };
    private readonly Argument<string> _text = new("TEXT") { Description = "What there is to say" };
    private readonly Option<string?> _clause = new("--clause") { Description = "The clause that it is about", HelpName = "CLAUSE" };
    private readonly Option<string?> _digest = new("--digest") { Description = "Which contract [default: the one in force, else the newest proposal]", HelpName = "sha256:…" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public HandoffCommentVerb()
        : base("comment", "Comment on the contract of a model, on a version, or on a clause of either.")
    {
        Add(_subject);
        Add(_text);
        foreach (var option in new Option[] { _clause, _digest, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        var (model, version) = HandoffWaiveVerb.Subject(parse.GetRequiredValue(_subject));
        using var client = Flags.Connect(parse, _server);
        var on = version is not null
            ? $"models/{model}/versions/{version}"
            : $"models/{model}/contracts/" + ((await client.FindContractAsync(model, parse.GetValue(_digest), stop))?.Digest
                ?? throw new UsageException($"the model '{model}' has no such contract to comment on; `baton handoff show models:/{model}` tells which there are."));
        if (parse.GetValue(_clause) is { } clause)
            on += $"/clauses/{clause}";
        var comment = await client.CommentAsync(on, parse.GetRequiredValue(_text), stop);
        if (screen.Json)
            Screen.WriteJson(comment);
        else
            screen.Line($"commented on {comment.On} ({comment.Id})");
        return ExitCode.Done;
    }
}
