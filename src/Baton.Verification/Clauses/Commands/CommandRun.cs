using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Baton.Contracts;
using Baton.Inference.Execution;

namespace Baton.Verification.Clauses.Commands;

/// <summary>What a command answered.</summary>
/// <param name="Value">The value; null where it gave none.</param>
/// <param name="Passes">Whether it passes; null where it did not say.</param>
/// <param name="Reason">Its words.</param>
/// <param name="Fault">Why there is no answer, as the end of a sentence; null where there is one.</param>
internal sealed record CommandOutcome(double? Value, bool? Passes, string? Reason, string? Fault)
{
    /// <summary>A command without answer.</summary>
    public static CommandOutcome Failed(string fault) => new(null, null, null, fault);
}

/// <summary>Runs one command of a contract in a child process: in the package's folder, with next to no environment, under limits of memory and time.</summary>
internal static class CommandRun
{
    private const int LongestAnswer = 1 << 20;
    private const int LongestReason = 1000;

    /// <summary>Runs it.</summary>
    public static async Task<CommandOutcome> RunAsync(CustomCheck check, CommandRequest request, VerificationInput input, CancellationToken cancellation)
    {
        var words = check.Command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return CommandOutcome.Failed("it is empty");
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(Program(words[0], request.Package), words[1..], input.ModelProcess.MemoryLimitBytes, input.Time, request.Package);
        }
        catch (Win32Exception e)
        {
            return CommandOutcome.Failed($"it cannot be started: {e.Message.TrimEnd('.')}");
        }

        await using (child)
        {
            byte[] output;
            try
            {
                output = await AnswerAsync(child, request).WaitAsync(check.Timeout, input.Time, cancellation);
                if (!await child.EndedWithinAsync(check.Timeout, cancellation))
                    throw new TimeoutException();
            }
            catch (TimeoutException)
            {
                return CommandOutcome.Failed(child.OverLimit?.Sentence ?? string.Create(CultureInfo.InvariantCulture, $"it gave no answer within {check.Timeout.TotalSeconds:0.###} s and was stopped"));
            }
            catch (InvalidDataException e)
            {
                return CommandOutcome.Failed(e.Message);
            }

            if (child.OverLimit is { } over)
                return CommandOutcome.Failed(over.Sentence);
            if (child.ExitCode != 0)
                return CommandOutcome.Failed((await child.DeathAsync()).Sentence.TrimEnd('.'));
            return Parse(output);
        }
    }

    /// <summary>Reads an answer: <c>{"value": number, "pass": true or false, "reason": text}</c>, each of them optional.</summary>
    public static CommandOutcome Parse(byte[] output)
    {
        try
        {
            using var answer = JsonDocument.Parse(output);
            if (answer.RootElement.ValueKind != JsonValueKind.Object)
                return CommandOutcome.Failed("its answer is no JSON object like {\"value\": 0.5, \"pass\": true}");
            double? value = null;
            if (answer.RootElement.TryGetProperty("value", out var number) && number.ValueKind != JsonValueKind.Null)
            {
                if (number.ValueKind != JsonValueKind.Number || !number.TryGetDouble(out var found) || !double.IsFinite(found))
                    return CommandOutcome.Failed($"its value is {Short(number.GetRawText())}, not a finite number");
                value = found;
            }

            bool? passes = null;
            if (answer.RootElement.TryGetProperty("pass", out var pass) && pass.ValueKind != JsonValueKind.Null)
            {
                if (pass.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    return CommandOutcome.Failed($"its pass is {Short(pass.GetRawText())}, neither true nor false");
                passes = pass.GetBoolean();
            }

            var reason = answer.RootElement.TryGetProperty("reason", out var text) && text.ValueKind == JsonValueKind.String ? Plain(text.GetString()!) : null;
            return new CommandOutcome(value, passes, reason, null);
        }
        catch (JsonException)
        {
            var said = Plain(Encoding.UTF8.GetString(output));
            return CommandOutcome.Failed(said.Length == 0 ? "it printed nothing; it is to print JSON like {\"value\": 0.5, \"pass\": true}"
                : said.Contains("NaN", StringComparison.Ordinal) || said.Contains("Infinity", StringComparison.Ordinal) ? $"its answer has a number that is not finite: {Short(said)}"
                : $"its answer is not JSON: {Short(said)}");
        }
    }

    // A path is the package's own; a bare name is looked up in PATH.
    private static string Program(string name, string package) =>
        name.Contains('/', StringComparison.Ordinal) && !Path.IsPathRooted(name) ? Path.GetFullPath(Path.Combine(package, name)) : name;

    private static async Task<byte[]> AnswerAsync(ChildProcess child, CommandRequest request)
    {
        try
        {
            await child.Input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(request, Documents.Compact));
            child.Input.Close();
        }
        catch (IOException)
        {
            // It does not read what it is told, which is its own affair.
        }

        using var output = new MemoryStream();
        var buffer = new byte[1 << 14];
        int read;
        while ((read = await child.Output.ReadAsync(buffer)) > 0)
        {
            if (output.Length + read > LongestAnswer)
                throw new InvalidDataException($"it printed more than {LongestAnswer >> 20} MiB; it is to print one JSON object and nothing else");
            output.Write(buffer, 0, read);
        }

        return output.ToArray();
    }

    private static string Plain(string text) => new string([.. text.Trim().Select(c => char.IsControl(c) ? ' ' : c)]) is var line && line.Length > LongestReason ? line[..LongestReason] + "…" : line;

    private static string Short(string text) => text.Length > 120 ? text[..120] + "…" : text;
}
