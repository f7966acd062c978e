using System.Globalization;

namespace Baton.Contracts;

/// <summary>The number of a contract (SemVer 2.0.0): a breaking change raises the major number, a compatible one the minor, an editorial one the patch.</summary>
/// <param name="Major">Counts what was loosened or taken away.</param>
/// <param name="Minor">Counts what was tightened or added.</param>
/// <param name="Patch">Counts changes of words.</param>
public sealed record ContractVersion(int Major, int Minor, int Patch) : IComparable<ContractVersion>
{
    /// <summary>The number of a model's first contract.</summary>
    public static ContractVersion First { get; } = new(1, 0, 0);

    /// <summary>Reads <c>2.1.0</c>.</summary>
    /// <exception cref="FormatException">The text is no such number.</exception>
    public static ContractVersion Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var patch)
            ? new ContractVersion(major, minor, patch)
            : throw new FormatException($"'{text}' is no number of a contract: expected three whole numbers, as in 2.1.0.");
    }

    /// <summary>The number after a change of this kind.</summary>
    public ContractVersion After(ChangeKind kind) => kind switch
    {
        ChangeKind.Breaking => new ContractVersion(Major + 1, 0, 0),
        ChangeKind.Compatible => new ContractVersion(Major, Minor + 1, 0),
        _ => this with { Patch = Patch + 1 },
    };

    /// <inheritdoc />
    public int CompareTo(ContractVersion? other) => other is null ? 1 : (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
}
