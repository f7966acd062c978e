using System.CommandLine;

namespace Baton.Verbs;

/// <summary><c>baton labels</c>.</summary>
internal sealed class LabelsVerb : Command
{
    public LabelsVerb()
        : base("labels", "Tell what turned out to be true of predictions.") => Add(new LabelsSendVerb());
}
