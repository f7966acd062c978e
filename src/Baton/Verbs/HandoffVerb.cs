using System.CommandLine;

namespace Baton.Verbs;

/// <summary><c>baton handoff</c>.</summary>
internal sealed class HandoffVerb : Command
{
    public HandoffVerb()
        : base("handoff", "Agree on a contract, and hand candidates over under it.")
    {
        Add(new HandoffProposeVerb());
        Add(new HandoffAcceptVerb());
        Add(new HandoffCounterVerb());
        Add(new HandoffRejectVerb());
        Add(new HandoffSubmitVerb());
        Add(new HandoffShowVerb());
        Add(new HandoffWaiveVerb());
        Add(new HandoffCommentVerb());
    }
}
