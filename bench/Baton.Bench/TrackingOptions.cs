namespace Baton.Bench;

/// <summary>What <c>bench/run tracking</c> measures.</summary>
internal sealed record TrackingOptions
{
    public const string Usage = "usage: bench/run tracking [--quick] [--database sqlite|postgres|both] [--only batch,run,search,history,transfer] [--json] [--dry]";

    private static readonly string[] AllParts = ["batch", "run", "search", "history", "transfer"];

    /// <summary>The built executable.</summary>
    public required string Baton { get; init; }

    /// <summary>Root of the checkout.</summary>
    public required string Repository { get; init; }

    /// <summary>A tenth of the rows and less time a line: shows that it works, is not recorded.</summary>
    public bool Quick { get; init; }

    /// <summary>Databases to measure on: <c>sqlite</c>, <c>postgres</c>.</summary>
    public IReadOnlyList<string> Databases { get; init; } = ["sqlite", "postgres"];

    /// <summary>Parts to measure.</summary>
    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    /// <summary>Prints JSON in place of the table.</summary>
    public bool Json { get; init; }

    /// <summary>Prints only.</summary>
    public bool Dry { get; init; }

    /// <summary>How long a line is measured.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Quick ? 2 : 5);

    /// <summary>Runs that are searched.</summary>
    public int Runs => Quick ? 10_000 : 100_000;

    /// <summary>Points of the history that is read.</summary>
    public int Points => 100_000;

    /// <summary>Reads the command line; null where it does not fit.</summary>
    public static TrackingOptions? Parse(IReadOnlyList<string> words)
    {
        var options = new TrackingOptions { Baton = "", Repository = "" };
        for (var at = 1; at < words.Count; at++)
        {
            var value = at + 1 < words.Count ? words[at + 1] : null;
            TrackingOptions? next = (words[at], value) switch
            {
                ("--quick", _) => options with { Quick = true },
                ("--json", _) => options with { Json = true },
                ("--dry", _) => options with { Dry = true },
                ("--baton", not null) => options with { Baton = Path.GetFullPath(value) },
                ("--repository", not null) => options with { Repository = Path.GetFullPath(value) },
                ("--database", "both") => options,
                ("--database", "sqlite" or "postgres") => options with { Databases = [value] },
                ("--only", not null) when value.Split(',').All(AllParts.Contains) => options with { Parts = value.Split(',') },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
            if (words[at] is not ("--quick" or "--json" or "--dry"))
                at++;
        }

        return options.Baton.Length > 0 && options.Repository.Length > 0 ? options : null;
    }
}
