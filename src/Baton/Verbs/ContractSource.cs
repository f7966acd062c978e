using Baton.Client;
using Baton.Contracts;

namespace Baton.Verbs;

/// <summary>A contract that was named on the command line: a file, or <c>models:/NAME</c> for the one that a server has.</summary>
/// <param name="Name">As it was named.</param>
/// <param name="Text">Its YAML.</param>
/// <param name="Record">What the server knows of it; null for a file.</param>
internal sealed record ContractSource(string Name, string Text, ContractRecord? Record)
{
    /// <summary>Reads the text, from disk or from the server.</summary>
    public static async Task<ContractSource> ReadAsync(string name, Func<BatonClient> connect, CancellationToken cancel)
    {
        if (!name.StartsWith(VersionName.Prefix, StringComparison.Ordinal))
            return new(name, ReadFile(name, "contract"), null);
        using var client = connect();
        var model = name[VersionName.Prefix.Length..].TrimEnd('/');
        var record = await client.FindContractAsync(model, cancel: cancel)
            ?? throw new UsageException($"the model '{model}' has no contract; propose one with `baton handoff propose CONTRACT.yaml`.");
        return new(name, record.Document, record);
    }

    /// <summary>Reads a text file that the user named.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static string ReadFile(string path, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"there is no {what} {path}; give the path of a file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException(
                $"{path} cannot be read: {(Directory.Exists(path) ? "it is a directory" : "access is denied")}; give the path of a {what} file.", e);
        }
    }

    /// <summary>The contract.</summary>
    /// <exception cref="UsageException">The text is none; says every fault with its place.</exception>
    public Contract Parse()
    {
        var result = ContractParser.Parse(Text);
        return result.Contract ?? throw new UsageException(
            $"{Name} is no contract:{string.Concat(result.Problems.Select(p => $"\n       {Place(Name, p)}"))}");
    }

    /// <summary>A problem with its place, as editors and build tools understand it.</summary>
    public static string Place(string file, ContractProblem problem) => $"{file}:{problem.Line}:{problem.Column}: {problem.Message}";
}
