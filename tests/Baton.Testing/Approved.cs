using System.Runtime.CompilerServices;

namespace Baton.Testing;

/// <summary>Compares a surface with the text that was approved: a committed file in the folder <c>approvals</c> beside the test.</summary>
public static class Approved
{
    /// <summary>Passes if the text is the approved one; else writes it beside that as <c>NAME.received.txt</c>.</summary>
    /// <exception cref="ApprovalException">The texts differ, or nothing was approved yet.</exception>
    public static void Match(string text, string name, [CallerFilePath] string test = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(test)!, "approvals");
        var approvedFile = Path.Combine(folder, name + ".approved.txt");
        var receivedFile = Path.Combine(folder, name + ".received.txt");
        var received = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "(nothing was approved yet)";
        Directory.CreateDirectory(folder);
        File.Delete(receivedFile);
        if (received == approved)
            return;
        File.WriteAllText(receivedFile, received);
        throw new ApprovalException(FirstDifference(approved.Split('\n'), received.Split('\n'))
            + $"\nIf the new text is right: mv '{receivedFile}' '{approvedFile}'");
    }

    private static string FirstDifference(string[] approved, string[] received)
    {
        var line = approved.Zip(received).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1} differs from the approved text.\n"
            + $"approved: {approved.ElementAtOrDefault(line) ?? "(end)"}\nreceived: {received.ElementAtOrDefault(line) ?? "(end)"}";
    }
}

/// <summary>A surface is not what was approved.</summary>
public sealed class ApprovalException(string message) : Exception(message);
