using Baton.Contracts;

namespace Baton;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCode
{
    /// <summary>Done, or the verdict is pass.</summary>
    public const int Done = 0;

    /// <summary>The verdict is fail.</summary>
    public const int Failed = 1;

    /// <summary>Wrong use: arguments, files, configuration, or a request that the server refused.</summary>
    public const int WrongUse = 2;

    /// <summary>The evidence cannot tell, or a clause could not be run.</summary>
    public const int Inconclusive = 3;

    /// <summary>The server, or something it stands on, does not answer.</summary>
    public const int Unreachable = 4;

    /// <summary>A bug of Baton.</summary>
    public const int Bug = 70;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>The code of a verdict.</summary>
    public static int Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => Done,
        Verdict.Fail => Failed,
        _ => Inconclusive,
    };
}
