using System.CommandLine;
using Baton.Client;
using Baton.Configuration;

namespace Baton.Verbs;

/// <summary>Options that several verbs have alike.</summary>
internal static class Flags
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on stdout, and nothing else there" };

    public static Option<string?> Server() => Settings.OptionFor(Setting.Server);

    public static BatonClient Connect(ParseResult parse, Option<string?> server) => new(Settings.Load().Server(parse.GetValue(server)));

    public static Argument<string> VersionArgument() => new("models:/NAME/VERSION") { Description = "A model version, e.g. models:/flight-delay/2" };
}
