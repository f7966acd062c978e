using System.CommandLine;

namespace Baton.Verbs;

/// <summary><c>baton predictions</c>.</summary>
internal sealed class PredictionsVerb : Command
{
    public PredictionsVerb()
        : base("predictions", "Read the prediction log, look into one prediction, run one again.")
    {
        Add(new PredictionsQueryVerb());
        Add(new PredictionsShowVerb());
        Add(new PredictionsReplayVerb());
    }

    /// <summary>The endpoint that a verb is about.</summary>
    public static Option<string> Endpoint() => new("--endpoint") { Description = "Endpoint that gave the predictions, e.g. flight-delay", HelpName = "NAME", Required = true };
}
