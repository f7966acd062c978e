using System.Globalization;
using Baton.Client;
using Baton.Contracts;

namespace Baton.Terminal;

/// <summary>How values are written for people.</summary>
internal static class Words
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.Inconclusive => "inconclusive",
        _ => "not run",
    };

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
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = value == Math.Truncate(value) && size < 1e15 ? "#,##0"
            : size >= 1000 ? "#,##0"
            : size >= 100 ? "0.0"
            : size >= 10 ? "0.0#"
            : size >= 0.001 ? "0.00##"
            : "0.###e+0";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A measured quantity to about three digits; more would be noise.</summary>
    public static string Rounded(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size >= 100 ? "#,##0" : size >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
    }
}
