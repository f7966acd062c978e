using System.Text;

namespace Baton.Contracts.Reports.Html;

/// <summary>Pictures of the whole model: each kind once, of the first clause that has its series.</summary>
internal static class PictureGallery
{
    public static void Write(StringBuilder html, ReportSubject subject)
    {
        var pictures = SeriesNames.Pictures.Select(name => Picture(name, subject)).OfType<string>().ToList();
        if (pictures.Count == 0)
            return;
        html.Append("<h2>Pictures</h2><div class=\"pictures\">\n");
        foreach (var picture in pictures)
            html.Append($"<figure class=\"picture\" style=\"margin:0\">{picture}</figure>\n");
        html.Append("</div>\n");
    }

    private static string? Picture(string name, ReportSubject subject)
    {
        var found = subject.Evidence.Clauses.SelectMany(c => c.Series.Select(s => (Clause: c, Series: s))).FirstOrDefault(p => p.Series.Name == name && p.Series.X.Count > 0);
        if (found.Series is not { } series)
            return null;
        return name switch
        {
            SeriesNames.Roc => "<h3>ROC</h3>" + Pictures.Square(series, "false positive rate", "true positive rate", diagonal: true, dots: false),
            SeriesNames.PrecisionRecall => "<h3>Precision and recall</h3>" + Pictures.Square(series, "recall", "precision", diagonal: false, dots: false),
            SeriesNames.Calibration => "<h3>Calibration</h3>" + Pictures.Square(series, "mean score", "share of positives", diagonal: true, dots: true),
            SeriesNames.Confusion => "<h3>Confusion at 0.5</h3>" + Confusion(series, subject.Contract?.Costs),
            _ => $"<h3>{Escaped.Of(found.Clause.Name)}</h3>" + Pictures.Bars(series, found.Clause.Unit, bound: null),
        };
    }

    private static string Confusion(Series series, ErrorCosts? costs)
    {
        var cells = series.X.Zip(series.Y).Where(c => c.Second is not null).ToDictionary(c => c.First, c => c.Second!.Value);
        var all = cells.Values.Sum();
        if (costs is { PerUnit: not null })
            costs = null;
        var html = new StringBuilder("<div class=\"cells\">");
        foreach (var cell in SeriesNames.Cells)
        {
            var rows = cells.GetValueOrDefault(cell);
            html.Append($"<div><small>{cell.Replace('_', ' ')}</small><strong>{Wording.Number(rows)}</strong><small>{Quantities.FormatShare(Math.Round(all == 0 ? 0 : rows / all, 4))}"
                + $"{(costs is null ? "" : Escaped.Of($", costs {CostWords.Written(rows * CostWords.Of(costs, cell), costs)}"))}</small></div>");
        }

        html.Append("</div>");
        if (costs is not null)
        {
            var total = SeriesNames.Cells.Sum(cell => cells.GetValueOrDefault(cell) * CostWords.Of(costs, cell));
            html.Append($"<p>{Escaped.Of($"Errors on these {Wording.Number(all)} rows cost {CostWords.Written(total, costs)}, {CostWords.Written(all == 0 ? 0 : total / all, costs)} a row.")}</p>");
        }

        return html.ToString();
    }
}
