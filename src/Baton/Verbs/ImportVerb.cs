using System.CommandLine;

namespace Baton.Verbs;

/// <summary><c>baton import</c>.</summary>
internal sealed class ImportVerb : Command
{
    public ImportVerb()
        : base("import", "Bring what another tracker has kept.") => Add(new ImportMlflowVerb());
}
