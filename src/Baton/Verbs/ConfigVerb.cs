using System.CommandLine;

namespace Baton.Verbs;

/// <summary><c>baton config</c>.</summary>
internal sealed class ConfigVerb : Command
{
    public ConfigVerb()
        : base("config", "What this command line would use, and where each value comes from.") => Add(new ConfigShowVerb());
}
