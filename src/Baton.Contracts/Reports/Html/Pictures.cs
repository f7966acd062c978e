using System.Globalization;
using System.Text;

namespace Baton.Contracts.Reports.Html;

/// <summary>Pictures as inline SVG, coloured by the page's style.</summary>
internal static class Pictures
{
    private const double Side = 260;
    private const double Left = 34;
    private const double Bottom = 30;

    /// <summary>An interval against its bound; empty where there is none to draw.</summary>
    public static string Interval(ClauseResult clause)
    {
        if (IntervalScale.Of(clause) is not { } scale)
            return "";
        const double width = 300, middle = 14;
        double At(double value) => 4 + (scale.At(value) * (width - 8));
        var svg = new StringBuilder($"<svg width=\"{width}\" height=\"40\" viewBox=\"0 0 {width} 40\" role=\"img\" aria-label=\"{Escaped.Of(Wording.Measured(clause))}; {Escaped.Of(clause.Demanded)}\">");
        svg.Append($"<line class=\"axis\" x1=\"0\" y1=\"{middle}\" x2=\"{width}\" y2=\"{middle}\"/>");
        if (clause.Interval is { } interval)
            svg.Append($"<line class=\"range\" x1=\"{Escaped.Of(At(interval.Low))}\" y1=\"{middle}\" x2=\"{Escaped.Of(Math.Max(At(interval.High), At(interval.Low) + 1))}\" y2=\"{middle}\"/>");
        foreach (var (end, sign) in new[] { (clause.Bound?.Min, "≥"), (clause.Bound?.Max, "≤") })
        {
            if (end is not { } bound)
                continue;
            var x = At(bound);
            var anchor = x > width - 40 ? "end" : x < 40 ? "start" : "middle";
            svg.Append($"<line class=\"bound\" x1=\"{Escaped.Of(x)}\" y1=\"3\" x2=\"{Escaped.Of(x)}\" y2=\"25\"/>");
            svg.Append($"<text x=\"{Escaped.Of(x)}\" y=\"37\" text-anchor=\"{anchor}\">{sign} {Escaped.Of(Wording.Plain(bound, clause.Unit))}</text>");
        }

        if (clause.Claimed?.Number is { } claimed && double.IsFinite(claimed))
            svg.Append($"<circle class=\"claim\" cx=\"{Escaped.Of(At(claimed))}\" cy=\"{middle}\" r=\"6.5\"><title>claimed {Escaped.Of(Wording.Number(claimed))}</title></circle>");
        svg.Append($"<circle class=\"value\" cx=\"{Escaped.Of(At(clause.Measured!.Number!.Value))}\" cy=\"{middle}\" r=\"4\"/></svg>");
        return svg.ToString();
    }

    /// <summary>A curve in the unit square: ROC, precision against recall, calibration.</summary>
    /// <param name="series">X from 0 to 1 as text, Y from 0 to 1.</param>
    /// <param name="across">What is on the x axis.</param>
    /// <param name="up">What is on the y axis.</param>
    /// <param name="diagonal">Whether the diagonal is drawn too.</param>
    /// <param name="dots">Whether the points are marked.</param>
    public static string Square(Series series, string across, string up, bool diagonal, bool dots)
    {
        var points = series.X.Zip(series.Y).Select(p => (X: Parse(p.First), Y: p.Second)).Where(p => p.X is not null && p.Y is not null)
            .Select(p => (X: Left + (Math.Clamp(p.X!.Value, 0, 1) * Side), Y: 8 + ((1 - Math.Clamp(p.Y!.Value, 0, 1)) * Side))).ToList();
        var svg = Frame(Side, across, up);
        foreach (var tick in new[] { 0, 0.5, 1 })
        {
            svg.Append($"<text x=\"{Escaped.Of(Left + (tick * Side))}\" y=\"{Side + 22}\" text-anchor=\"middle\">{Escaped.Of(tick)}</text>");
            if (tick != 0.5) // the axis's name stands there
                svg.Append($"<text x=\"{Left - 4}\" y=\"{Escaped.Of(12 + ((1 - tick) * Side))}\" text-anchor=\"end\">{Escaped.Of(tick)}</text>");
        }

        if (diagonal)
            svg.Append($"<line class=\"guide\" x1=\"{Left}\" y1=\"{Side + 8}\" x2=\"{Left + Side}\" y2=\"8\"/>");
        svg.Append($"<polyline class=\"curve\" points=\"{string.Join(' ', points.Select(p => $"{Escaped.Of(p.X)},{Escaped.Of(p.Y)}"))}\"/>");
        if (dots)
        {
            foreach (var (x, y) in points)
                svg.Append($"<circle class=\"dot\" cx=\"{Escaped.Of(x)}\" cy=\"{Escaped.Of(y)}\" r=\"3\"/>");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Bars over the labels of their points: a histogram, or percentiles.</summary>
    public static string Bars(Series series, string unit, double? bound)
    {
        const double height = 150;
        var values = series.Y.Select(y => y is { } v && double.IsFinite(v) ? v : 0).ToList();
        var top = Math.Max(values.DefaultIfEmpty(0).Max(), 1e-12) * 1.05;
        var step = Side / Math.Max(1, values.Count);
        var svg = Frame(height, unit, "");
        for (var i = 0; i < values.Count; i++)
        {
            var size = Math.Max(0, values[i]) / top * height;
            svg.Append($"<rect class=\"bar\" x=\"{Escaped.Of(Left + (i * step) + 1)}\" y=\"{Escaped.Of(8 + height - size)}\" width=\"{Escaped.Of(Math.Max(1, step - 2))}\" height=\"{Escaped.Of(size)}\">"
                + $"<title>{Escaped.Of(series.X[i])}: {Escaped.Of(Wording.Number(values[i]))}</title></rect>");
        }

        Labels(svg, series.X, height, step / 2, step);
        svg.Append($"<text x=\"{Left - 4}\" y=\"16\" text-anchor=\"end\">{Escaped.Of(Wording.Number(top / 1.05))}</text>");
        if (bound is { } limit && limit <= top)
            svg.Append($"<line class=\"bound\" x1=\"{Left}\" y1=\"{Escaped.Of(8 + height - (limit / top * height))}\" x2=\"{Left + Side}\" y2=\"{Escaped.Of(8 + height - (limit / top * height))}\"/>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Lines over the same labels, such as a metric by day, this version and the one in production; with the bound where there is one.</summary>
    public static string Lines(IReadOnlyList<Series> series, Bound? bound)
    {
        const double height = 170;
        var ends = new[] { bound?.Min, bound?.Max }.OfType<double>().ToList();
        var numbers = series.SelectMany(s => s.Y).OfType<double>().Where(double.IsFinite).Concat(ends).ToList();
        if (numbers.Count == 0)
            return "";
        var (low, high) = (numbers.Min(), numbers.Max());
        var room = high > low ? (high - low) * 0.06 : Math.Max(Math.Abs(high) * 0.06, 1e-9);
        var scale = new IntervalScale(low - room, high + room);
        double Y(double value) => 8 + ((1 - scale.At(value)) * height);
        var step = Side / Math.Max(1, series[0].X.Count - 1);
        var svg = Frame(height, "", "");
        foreach (var end in ends)
            svg.Append($"<line class=\"bound\" x1=\"{Left}\" y1=\"{Escaped.Of(Y(end))}\" x2=\"{Left + Side}\" y2=\"{Escaped.Of(Y(end))}\"/>");
        foreach (var (one, i) in series.Take(2).Select((s, i) => (s, i)))
        {
            var points = one.Y.Select((y, at) => (At: Left + (at * step), Y: y)).Where(p => p.Y is { } v && double.IsFinite(v)).ToList();
            svg.Append($"<polyline class=\"curve{(i == 0 ? "" : " curve2")}\" points=\"{string.Join(' ', points.Select(p => $"{Escaped.Of(p.At)},{Escaped.Of(Y(p.Y!.Value))}"))}\"/>");
            svg.Append($"<text x=\"{Left + Side}\" y=\"{20 + (14 * i)}\" text-anchor=\"end\"><tspan class=\"dot{(i == 0 ? "" : " dot2")}\">■</tspan> {Escaped.Of(one.Name)}</text>");
        }

        Labels(svg, series[0].X, height, 0, step);
        svg.Append($"<text x=\"{Left - 4}\" y=\"{Escaped.Of(Y(high) + 4)}\" text-anchor=\"end\">{Escaped.Of(Wording.Rounded(high))}</text>");
        svg.Append($"<text x=\"{Left - 4}\" y=\"{Escaped.Of(Y(low) + 4)}\" text-anchor=\"end\">{Escaped.Of(Wording.Rounded(low))}</text>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Values with their intervals, one under the other: slices.</summary>
    public static string Forest(Series values, Series low, Series high, Bound? bound)
    {
        const double row = 20, names = 110, width = 440;
        var ends = new[] { bound?.Min, bound?.Max }.OfType<double>().ToList();
        var numbers = values.Y.Concat(low.Y).Concat(high.Y).OfType<double>().Where(double.IsFinite).Concat(ends).ToList();
        if (numbers.Count == 0)
            return "";
        var room = Math.Max((numbers.Max() - numbers.Min()) * 0.05, 1e-9);
        var scale = new IntervalScale(numbers.Min() - room, numbers.Max() + room);
        double At(double value) => names + (scale.At(value) * (width - names - 10));
        var height = (values.X.Count * row) + 8;
        var svg = new StringBuilder($"<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">");
        foreach (var end in ends)
            svg.Append($"<line class=\"bound\" x1=\"{Escaped.Of(At(end))}\" y1=\"0\" x2=\"{Escaped.Of(At(end))}\" y2=\"{height}\"/>");
        for (var i = 0; i < values.X.Count; i++)
        {
            var y = (i * row) + 14;
            svg.Append($"<text x=\"{names - 8}\" y=\"{y + 4}\" text-anchor=\"end\">{Escaped.Of(Short(values.X[i]))}</text>");
            if (low.Y.ElementAtOrDefault(i) is { } from && high.Y.ElementAtOrDefault(i) is { } to)
                svg.Append($"<line class=\"range\" x1=\"{Escaped.Of(At(from))}\" y1=\"{y}\" x2=\"{Escaped.Of(At(to))}\" y2=\"{y}\"/>");
            if (values.Y[i] is { } value)
                svg.Append($"<circle class=\"value\" cx=\"{Escaped.Of(At(value))}\" cy=\"{y}\" r=\"4\"><title>{Escaped.Of(values.X[i])}: {Escaped.Of(Wording.Number(value))}</title></circle>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static StringBuilder Frame(double height, string across, string up)
    {
        var (width, whole) = (Left + Side + 8, height + 8 + Bottom);
        var svg = new StringBuilder($"<svg width=\"{width}\" height=\"{whole}\" viewBox=\"0 0 {width} {whole}\" role=\"img\">");
        svg.Append($"<path class=\"axis\" d=\"M{Left} 8V{height + 8}H{Left + Side}\"/>");
        if (across.Length > 0)
            svg.Append($"<text x=\"{Left + (Side / 2)}\" y=\"{height + 34}\" text-anchor=\"middle\">{Escaped.Of(across)}</text>");
        if (up.Length > 0)
            svg.Append($"<text x=\"11\" y=\"{8 + (height / 2)}\" text-anchor=\"middle\" transform=\"rotate(-90 11 {8 + (height / 2)})\">{Escaped.Of(up)}</text>");
        return svg;
    }

    // First, middle and last: more would run into each other.
    private static void Labels(StringBuilder svg, IReadOnlyList<string> labels, double height, double offset, double step)
    {
        var shown = labels.Count <= 6 ? Enumerable.Range(0, labels.Count) : [0, labels.Count / 2, labels.Count - 1];
        foreach (var i in shown)
        {
            var anchor = offset > 0 ? "middle" : i == 0 ? "start" : i == labels.Count - 1 ? "end" : "middle";
            svg.Append($"<text x=\"{Escaped.Of(Left + offset + (i * step))}\" y=\"{height + 22}\" text-anchor=\"{anchor}\">{Escaped.Of(Short(labels[i]))}</text>");
        }
    }

    private static string Short(string text) => text.Length <= 16 ? text : text[..15] + "…";

    private static double? Parse(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
