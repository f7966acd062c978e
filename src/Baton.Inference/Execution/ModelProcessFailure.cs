using System.Globalization;

namespace Baton.Inference.Execution;

/// <summary>Why a model process gave no answer. After all but <see cref="Refused"/> it is dead.</summary>
public abstract record ModelProcessFailure
{
    private ModelProcessFailure()
    {
    }

    /// <summary>What happened, as the end of a sentence that names the work, e.g. "the process ended with signal 6 (SIGABRT)".</summary>
    public abstract string Sentence { get; }

    /// <summary>Whether the process lives on.</summary>
    public bool IsAlive => this is Refused;

    /// <summary>It ended by itself.</summary>
    /// <param name="ExitCode">Exit code; 128 and the signal's number where a signal ended it.</param>
    /// <param name="LastWords">The last lines it wrote to standard error; may be empty.</param>
    public sealed record Crashed(int ExitCode, string LastWords) : ModelProcessFailure
    {
        /// <inheritdoc />
        public override string Sentence => $"the process ended with {Cause}" + (LastWords.Length > 0 ? $": {LastWords}" : "");

        private string Cause => ExitCode switch
        {
            137 => "signal 9 (SIGKILL: the system ran out of memory, or somebody killed it)",
            132 => "signal 4 (SIGILL)",
            134 => "signal 6 (SIGABRT)",
            135 => "signal 7 (SIGBUS)",
            136 => "signal 8 (SIGFPE)",
            139 => "signal 11 (SIGSEGV)",
            143 => "signal 15 (SIGTERM)",
            > 128 and < 160 => $"signal {ExitCode - 128}",
            _ => $"exit code {ExitCode}",
        };
    }

    /// <summary>It could not be started, or what it wrote was not the protocol.</summary>
    /// <param name="Message">What was wrong.</param>
    public sealed record Broken(string Message) : ModelProcessFailure
    {
        /// <inheritdoc />
        public override string Sentence => Message;
    }

    /// <summary>It gave no answer in time and was killed.</summary>
    /// <param name="After">The time it had.</param>
    public sealed record TimedOut(TimeSpan After) : ModelProcessFailure
    {
        /// <inheritdoc />
        public override string Sentence => string.Create(CultureInfo.InvariantCulture, $"no answer came within {After.TotalSeconds:0.###} s, and the process was stopped");
    }

    /// <summary>It used more memory than allowed and was killed.</summary>
    /// <param name="LimitBytes">What it was allowed.</param>
    /// <param name="SeenBytes">What it held when it was seen.</param>
    public sealed record OutOfMemory(long LimitBytes, long SeenBytes) : ModelProcessFailure
    {
        /// <inheritdoc />
        public override string Sentence => $"the process used {SeenBytes >> 20} MiB, more than the {LimitBytes >> 20} MiB it may, and was stopped";
    }

    /// <summary>The model or its runtime said no.</summary>
    /// <param name="Message">Their words.</param>
    public sealed record Refused(string Message) : ModelProcessFailure
    {
        /// <inheritdoc />
        public override string Sentence => Message;
    }
}

/// <summary>What a call on a model process gave: a value, or the reason there is none.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed record ModelProcessOutcome<T>
    where T : class
{
    private ModelProcessOutcome(T? value, ModelProcessFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The value; null after a failure.</summary>
    public T? Value { get; }

    /// <summary>Why there is no value; null where there is one.</summary>
    public ModelProcessFailure? Failure { get; }

    /// <summary>A value.</summary>
    public static implicit operator ModelProcessOutcome<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator ModelProcessOutcome<T>(ModelProcessFailure failure) => new(null, failure);
}
