using System.Buffers;
using System.Globalization;
using System.Text;

namespace Baton.Contracts;

/// <summary>Writes a contract as YAML that people like to read; <see cref="ContractParser"/> reads the same contract back.</summary>
public static class ContractWriter
{
    private static readonly SearchValues<char> PlainLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-+.,;/()'%<>=äöüßéèàÄÖÜ");

    /// <summary>The YAML text, with <c>\n</c> at the end of each line; defaults are written out, but for one row a request.</summary>
    public static string Write(Contract contract)
    {
        var yaml = new StringBuilder();
        yaml.Append("# What is demanded of every version of this model. Both sides sign it; it seldom changes.\n");
        yaml.Append($"model: {Scalar(contract.Model)}\n");
        if (contract.Purpose is { } purpose)
            yaml.Append($"purpose: {Scalar(purpose)}\n");
        if (contract.Owners is { } owners && (owners.Model ?? owners.Service) is not null)
        {
            yaml.Append("owners:\n");
            Line(yaml, "  model", owners.Model);
            Line(yaml, "  service", owners.Service);
        }

        yaml.Append("clauses:\n");
        if (contract.Reproduces is { } reproduces)
            Reproduces(yaml, reproduces);
        if (contract.Metrics.Count > 0)
            yaml.Append("  metrics:\n");
        foreach (var metric in contract.Metrics)
            Metric(yaml, metric);
        if (contract.Latency is { } latency)
            Latency(yaml, latency);
        if (contract.Memory is { } memory)
            yaml.Append($"  memory:\n    peak: {{max: {Quantities.FormatSize(memory.MaxBytes)}}}\n");
        return yaml.ToString();
    }

    private static void Reproduces(StringBuilder yaml, ReproducesClause clause)
    {
        yaml.Append("  reproduces:                 # loaded from the package alone, the model gives the numbers its author saw\n");
        yaml.Append($"    within: {Quantities.Format(clause.Within)}\n");
        yaml.Append($"    rows: {{min: {Quantities.FormatShare(clause.MinShare)}}}\n");
    }

    private static void Metric(StringBuilder yaml, MetricClause clause)
    {
        yaml.Append($"    {clause.Metric}:\n");
        Line(yaml, "      min", clause.Min);
        Line(yaml, "      max", clause.Max);
        yaml.Append($"      confidence: {Quantities.FormatShare(clause.Confidence)}\n");
        Line(yaml, "      group_by", clause.GroupBy);
        if (clause.AgainstProduction is { } bound)
        {
            string?[] ends =
            [
                bound.Min is { } min ? $"min: {Quantities.Format(min)}" : null,
                bound.Max is { } max ? $"max: {Quantities.Format(max)}" : null,
            ];
            yaml.Append($"      against_production: {{{string.Join(", ", ends.OfType<string>())}}}\n");
        }
    }

    private static void Latency(StringBuilder yaml, LatencyClause clause)
    {
        yaml.Append("  latency:\n");
        yaml.Append($"    {Quantities.FormatPercentile(clause.Percentile)}: {{max: {Quantities.Format(clause.Max)}}}\n");
        yaml.Append($"    load: {Quantities.Format(clause.RequestsPerSecond)} requests/s\n");
        if (clause.RowsPerRequest != 1)
            yaml.Append(CultureInfo.InvariantCulture, $"    rows: {clause.RowsPerRequest}\n");
    }

    private static void Line(StringBuilder yaml, string field, string? text)
    {
        if (text is not null)
            yaml.Append($"{field}: {Scalar(text)}\n");
    }

    private static void Line(StringBuilder yaml, string field, double? number)
    {
        if (number is { } value)
            yaml.Append($"{field}: {Quantities.Format(value)}\n");
    }

    /// <summary>A text as it is where YAML reads it as nothing else, else in double quotes.</summary>
    private static string Scalar(string text)
    {
        var plain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' '
            && !text.AsSpan().ContainsAnyExcept(PlainLetters)
            && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
        if (plain)
            return text;

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or (>= '\x7f' and < '\xa0') or '\u2028' or '\u2029' or '\ufeff' or >= '\ufffe' => $"\\u{(int)letter:x4}",
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
