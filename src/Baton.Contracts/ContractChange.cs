using System.Text.Json.Serialization;

namespace Baton.Contracts;

/// <summary>What a change of a contract means to those who rely on the service.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    /// <summary>Words only: purpose, owners.</summary>
    Editorial,

    /// <summary>More is promised than before: a bound tightened, a clause added.</summary>
    Compatible,

    /// <summary>Less is promised, or something else: a bound loosened, a clause removed, another model or grouping.</summary>
    Breaking,
}

/// <summary>One change between two contracts.</summary>
/// <param name="Path">The field or clause, e.g. <c>clauses.latency.max</c>.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Before">What stood there, for people; null for something added.</param>
/// <param name="After">What stands there now; null for something removed.</param>
public sealed record ContractChange(string Path, ChangeKind Kind, string? Before, string? After)
{
    /// <inheritdoc />
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}: {Path} {Before ?? "(none)"} → {After ?? "(none)"}";
}
