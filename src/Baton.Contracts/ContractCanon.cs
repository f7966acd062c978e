using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Baton.Contracts;

/// <summary>
/// The one form of a contract that its digest is taken of. Comments, layout, the order of keys and the way a quantity is written
/// (<c>0.6</c> or <c>0.60</c>, <c>1 s</c> or <c>1000 ms</c>, <c>99.5 %</c> or <c>0.995</c>) do not show in it; defaults are written out.
/// </summary>
public static class ContractCanon
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>SHA-256 of the canonical form, as <c>sha256:…</c>.</summary>
    public static string Digest(Contract contract) => Digests.Sha256(Write(contract));

    /// <summary>
    /// The canonical form: a line of path and value for each field, <c>\n</c> at the end of each. Texts are JSON strings, shares and metrics the
    /// shortest decimal that reads back the same, durations nanoseconds, sizes bytes, metrics in ordinal order of name.
    /// </summary>
    public static string Write(Contract contract) =>
        string.Concat(Lines(contract).Where(line => line.Value is not null).Select(line => $"{line.Path} {line.Value}\n"));

    private static IEnumerable<(string Path, string? Value)> Lines(Contract contract)
    {
        yield return ("baton-contract", "1");
        yield return ("model", Text(contract.Model));
        yield return ("purpose", Text(contract.Purpose));
        yield return ("owners.model", Text(contract.Owners?.Model));
        yield return ("owners.service", Text(contract.Owners?.Service));
        if (contract.Reproduces is { } reproduces)
        {
            yield return ("clauses.reproduces.within", Number(reproduces.Within));
            yield return ("clauses.reproduces.rows.min", Number(reproduces.MinShare));
        }

        foreach (var metric in contract.Metrics.OrderBy(m => m.Metric, StringComparer.Ordinal))
        {
            var path = $"clauses.metrics.{metric.Metric}";
            yield return ($"{path}.min", Number(metric.Min));
            yield return ($"{path}.max", Number(metric.Max));
            yield return ($"{path}.confidence", Number(metric.Confidence));
            yield return ($"{path}.group_by", Text(metric.GroupBy));
            yield return ($"{path}.against_production.min", Number(metric.AgainstProduction?.Min));
            yield return ($"{path}.against_production.max", Number(metric.AgainstProduction?.Max));
        }

        if (contract.Latency is { } latency)
        {
            yield return ("clauses.latency.percentile", Number(latency.Percentile));
            yield return ("clauses.latency.max", Whole(latency.Max.Ticks * TimeSpan.NanosecondsPerTick));
            yield return ("clauses.latency.load", Number(latency.RequestsPerSecond));
            yield return ("clauses.latency.rows", Whole(latency.RowsPerRequest));
        }

        if (contract.Memory is { } memory)
            yield return ("clauses.memory.peak.max", Whole(memory.MaxBytes));
    }

    private static string? Text(string? text) => text is null ? null : JsonSerializer.Serialize(text, Quoting);

    private static string? Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
