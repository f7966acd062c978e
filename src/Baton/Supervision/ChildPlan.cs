namespace Baton.Supervision;

/// <summary>A child to keep alive.</summary>
internal sealed record ChildPlan
{
    /// <summary>Name: prefix of its lines on the terminal, stem of its log file.</summary>
    public required string Name { get; init; }

    /// <summary>Arguments of <c>baton</c>; asked at each start, since the port is known only after the first.</summary>
    public required Func<IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>
    /// What its environment has beside this process's: what may hold a secret goes here or into <see cref="FirstLine"/>, never into its arguments, which
    /// every user of the machine can read. Null takes a variable away.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Line that is written to its standard input first: secrets go here, where no process list shows them.</summary>
    public required string FirstLine { get; init; }

    /// <summary>Whether an end before it was ever ready is final: what it was asked for cannot be had, and it has said why.</summary>
    public bool MustStart { get; init; }

    /// <summary>Told of each line on its standard output; the line that says it is ready gives true.</summary>
    public Func<string, bool> IsReady { get; init; } = _ => true;
}

/// <summary>A child that ended before it was ever ready, and must not be started again.</summary>
internal sealed class ChildRefusedException(int exitCode) : Exception
{
    /// <summary>Its exit code; it has said why on the terminal.</summary>
    public int ExitCode { get; } = exitCode;
}
