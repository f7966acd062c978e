using System.Globalization;
using Baton.Client;
using Baton.Contracts;
using Baton.Contracts.Reports;

namespace Baton.Terminal;

/// <summary>How values are written for people.</summary>
internal static class Words
{
    public static string Of(Verdict verdict) => Wording.Of(verdict);

    public static string Of(ContractStatus status) => status switch
    {
        ContractStatus.InForce => "in force",
        ContractStatus.Superseded => "superseded",
        ContractStatus.Draft => "a draft",
        _ => "proposed, not signed by both sides yet",
    };

    public static string Of(ContractSide side) => side == ContractSide.Model ? "model" : "service";

    public static string Of(VerificationState state) => state.ToString().ToLowerInvariant();

    public static string Of(EndpointState state) => state switch
    {
        EndpointState.NoNode => "no serving node yet",
        EndpointState.Off => "out of service",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>An instant, to the second, UTC.</summary>
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A list in a sentence: <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";

    /// <summary>A number as short as it can be without hiding what matters: four decimals below ten, fewer above, whole numbers in full.</summary>
    public static string Number(double value) => Wording.Number(value);

    /// <summary>A measured quantity to about three digits; more would be noise.</summary>
    public static string Rounded(double value) => Wording.Rounded(value);
}
