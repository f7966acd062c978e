using System.Globalization;

namespace Baton.Bench;

/// <summary>What a run measures.</summary>
internal sealed record BenchOptions
{
    public const string Usage = "usage: bench/run serving [--seconds N] [--connections 1,8,32] [--dry]";

    private const int MostSeconds = 60;
    private const int MostConnections = 256;

    /// <summary>The built executable.</summary>
    public required string Baton { get; init; }

    /// <summary>Root of the checkout.</summary>
    public required string Repository { get; init; }

    /// <summary>How long each measurement takes, 1 to 60.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>Numbers of connections to measure with.</summary>
    public IReadOnlyList<int> Connections { get; init; } = [1, 8, 32];

    /// <summary>Prints only.</summary>
    public bool Dry { get; init; }

    /// <summary>Reads the command line; null where it does not fit.</summary>
    public static BenchOptions? Parse(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0] != "serving")
            return null;
        var options = new BenchOptions { Baton = "", Repository = "" };
        for (var at = 1; at < words.Count; at++)
        {
            if (words[at] == "--dry")
            {
                options = options with { Dry = true };
                continue;
            }

            if (at + 1 == words.Count)
                return null;
            var value = words[++at];
            BenchOptions? next = words[at - 1] switch
            {
                "--baton" => options with { Baton = Path.GetFullPath(value) },
                "--repository" => options with { Repository = Path.GetFullPath(value) },
                "--seconds" when Number(value, MostSeconds) is { } seconds => options with { Seconds = seconds },
                "--connections" when value.Split(',').Select(n => Number(n, MostConnections)).ToList() is var list && list.All(n => n is not null) =>
                    options with { Connections = [.. list.Select(n => n!.Value)] },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }

        return options.Baton.Length > 0 && options.Repository.Length > 0 ? options : null;
    }

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;
}
