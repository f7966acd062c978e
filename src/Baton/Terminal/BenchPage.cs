using System.Globalization;
using System.Net;
using System.Text;
using Baton.Verification.Load;

namespace Baton.Terminal;

/// <summary>What a bench found as one page of HTML that needs nothing beside itself; the histogram is inline SVG.</summary>
internal static class BenchPage
{
    private const int Width = 720;
    private const int Height = 260;
    private const int Axis = 40;

    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d2733;background:#fff}
        h1{font-size:1.4rem;overflow-wrap:anywhere}p.more{color:#5b6875}table{border-collapse:collapse;margin:1rem 0}
        th,td{padding:.3rem 1rem .3rem 0;text-align:left;border-bottom:1px solid #dde3ea}td.n{text-align:right;font-variant-numeric:tabular-nums}
        .noisy{background:#fff4d6;padding:.6rem 1rem;border-radius:.4rem}.failed{background:#fde4e1;padding:.6rem 1rem;border-radius:.4rem}
        svg{width:100%;height:auto}svg rect{fill:#0f7f86}svg text{fill:#5b6875;font-size:12px}svg line{stroke:#b3491d;stroke-dasharray:4 3}
        @media (prefers-color-scheme:dark){body{background:#14191f;color:#e4e9ee}th,td{border-color:#2c3641}.noisy{background:#473a12}.failed{background:#4c1f1a}p.more,svg text{color:#9aa7b4;fill:#9aa7b4}}
        """;

    /// <summary>The page.</summary>
    public static string Write(BenchReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Bench of {Text(report.Target)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Bench of {Text(report.Target)}</h1><p class=\"more\">{Text(report.AnsweredBy)}; {Text(report.Inputs)}</p><p>{Text(BenchTable.Load(report))}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Words.Number(report.Requests)} requests in {Words.Rounded(report.Seconds)} s: {Words.Rounded(report.RequestsPerSecond)} requests/s, {Words.Rounded(report.RowsPerSecond)} rows/s.</p>");
        if (report.Errors > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"failed\">{Words.Number(report.Errors)} failed. The first: {Text(report.FirstError ?? "")}</p>");
        if (report.Noise.Count > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"noisy\">The machine was noisy, the times are not exact: {Text(string.Join("; ", report.Noise))}.</p>");
        page.Append(CultureInfo.InvariantCulture, $"<table><tr><th>percentile</th><th>ms</th><th>{Words.Number(report.Percentiles[0].Confidence * 100)} % interval</th></tr>");
        foreach (var percentile in report.Percentiles)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>p{percentile.Percentile}</td><td class=\"n\">{(percentile.Milliseconds is { } ms ? Words.Rounded(ms) : "-")}</td><td>{Text(BenchTable.Claim(percentile))}</td></tr>");
        page.Append("</table>");
        Histogram(page, report);
        if (report.ColdStartMilliseconds is { } cold)
            page.Append(CultureInfo.InvariantCulture, $"<p>First answer {Words.Rounded(cold)} ms after the start of the process; peak memory above the empty process {Words.Rounded((report.PeakMemoryBytes ?? 0) / (double)(1 << 20))} MiB.</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"more\">Measured {Text(BenchTable.Machine(report))}; {Text(report.Machine.OperatingSystem)}. Meanwhile: {Text(report.MachineMeanwhile)}.</p></html>\n");
        return page.ToString();
    }

    private static void Histogram(StringBuilder page, BenchReport report)
    {
        if (report.Histogram is not { Count: > 0 } bars)
            return;
        var most = bars.Max(b => b.Count);
        var (low, high) = (Math.Log(bars[0].Low), Math.Log(bars[^1].High));
        double At(double milliseconds) => (Math.Log(milliseconds) - low) / (high - low) * Width;
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height + Axis}\" role=\"img\" aria-label=\"Histogram of latencies, logarithmic scale\">");
        foreach (var bar in bars)
        {
            var height = (double)bar.Count / most * (Height - 20);
            page.Append(CultureInfo.InvariantCulture, $"<rect x=\"{At(bar.Low):0.#}\" y=\"{Height - height:0.#}\" width=\"{Math.Max(1, At(bar.High) - At(bar.Low) - 1):0.#}\" height=\"{height:0.#}\"><title>{Words.Rounded(bar.Low)} to {Words.Rounded(bar.High)} ms: {Words.Number(bar.Count)}</title></rect>");
        }

        foreach (var bar in bars.Where((_, i) => i % 6 == 0))
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{At(bar.Low):0.#}\" y=\"{Height + 16}\">{Words.Rounded(bar.Low)} ms</text>");
        foreach (var percentile in report.Percentiles.Where(p => p.Milliseconds is not null && p.Percentile is 50 or 95))
        {
            var x = At(Math.Max(percentile.Milliseconds ?? bars[0].Low, bars[0].Low));
            page.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"0\" y2=\"{Height}\"/><text x=\"{x + 3:0.#}\" y=\"12\">p{percentile.Percentile}</text>");
        }

        page.Append("</svg>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
