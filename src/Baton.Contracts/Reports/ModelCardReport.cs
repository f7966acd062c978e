using System.Text;

namespace Baton.Contracts.Reports;

/// <summary>Evidence, claims and contract as a model card (Mitchell et al., Model Cards for Model Reporting, 2019) in Markdown. What nobody told is left out.</summary>
public static class ModelCardReport
{
    /// <summary>Markdown, with <c>\n</c> at the end of each line.</summary>
    public static string Write(ReportSubject subject)
    {
        var text = new StringBuilder($"# Model card: {Markdown.Text(subject.Name)}\n\n");
        text.Append($"{Markdown.Sign(subject.Evidence.Verdict)} {Markdown.Text(subject.Sentence)} ({subject.Tally}), {Wording.At(subject.Evidence.FinishedAt)}.\n");
        Details(text, subject);
        Use(text, subject.Contract);
        Metrics(text, subject.Evidence);
        Datasets(text, subject.Claims);
        Interface(text, subject.Claims);
        Open(text, subject.Evidence);
        var score = MlTestScore.Of(subject);
        text.Append($"\n## Readiness\n\n{Markdown.Text(score.Line)}.\n");
        return text.ToString();
    }

    private static void Details(StringBuilder text, ReportSubject subject)
    {
        text.Append("\n## Model\n\n").Append(Markdown.Head("", ""));
        var (evidence, claims) = (subject.Evidence, subject.Claims);
        Line(text, "Owner", subject.Contract?.Owners?.Model);
        Line(text, "Run by", subject.Contract?.Owners?.Service);
        Line(text, "Task", subject.Contract?.Task);
        Line(text, "Licence", claims?.Licence);
        Line(text, "Made from", claims?.BaseModel);
        if (claims is not null)
        {
            Line(text, "Format", $"{claims.Framework.Format}, {string.Join(", ", claims.Framework.Opsets.Select(o => $"{o.Key} {o.Value}"))}");
            Line(text, "Framework", $"{claims.Framework.Name} {claims.Framework.Version}".Trim());
            Line(text, "Precision", claims.Framework.Precision);
            Line(text, "Learned values", Wording.Number(claims.Parameters.Total));
            Line(text, "Size", Quantities.FormatSize(claims.Package.Size));
            Line(text, "Run", claims.RunId);
            Line(text, "Seed", claims.Seed);
            Line(text, "Code", claims.Code is { } code ? $"{code.Repository} {code.Commit}{(code.Dirty == true ? " with changes that are in no commit" : "")}".Trim() : null);
            Line(text, "Environment", claims.Environment is { Count: > 0 } environment ? string.Join(", ", environment.Select(e => $"{e.Key} {e.Value}")) : null);
        }

        Line(text, "Package", evidence.PackageDigest);
        Line(text, "Contract", evidence.ContractDigest);
    }

    private static void Use(StringBuilder text, Contract? contract)
    {
        if (contract is not ({ Purpose: not null } or { Decision: not null } or { Costs: not null }))
            return;
        text.Append("\n## Intended use\n\n");
        if (contract.Purpose is { } purpose)
            text.Append($"{Markdown.Text(purpose)}\n");
        if (contract.Decision is { } decision)
            text.Append($"\nDecision: {Markdown.Text(decision)}\n");
        if (contract.Costs is { } costs)
            text.Append($"\nCosts: {Markdown.Text(CostWords.Of(costs))}.\n");
    }

    private static void Metrics(StringBuilder text, Evidence evidence)
    {
        var measured = evidence.Clauses.Where(c => c.Measured?.Number is not null && ClauseGroup.TitleOf(c.Name) != "Package and provenance").ToList();
        if (measured.Count == 0)
            return;
        text.Append("\n## What was measured\n\n").Append(Markdown.Head("", "what", "value", "interval", "demanded", "evidence"));
        foreach (var clause in measured)
        {
            var interval = clause.Interval is { } i
                ? $"{Wording.Plain(i.Low, clause.Unit)} to {Wording.Plain(i.High, clause.Unit)} ({Quantities.FormatShare(i.Confidence)})" : "-";
            text.Append(Markdown.Row(
                Markdown.Sign(clause.Verdict), Markdown.Code(clause.Name), Wording.Value(clause.Measured, clause.Unit), interval, Markdown.Text(clause.Demanded), Wording.Of(clause.Evidence)));
        }

        text.Append($"\nMeasured on {Markdown.Text(Wording.Of(evidence.Machine))}.\n");
    }

    private static void Datasets(StringBuilder text, Claims? claims)
    {
        if (claims is null or { Data.Count: 0, ReferencePredictions: null })
            return;
        text.Append("\n## Data\n\n").Append(Markdown.Head("part", "name", "rows", "digest"));
        foreach (var data in claims.Data)
            text.Append(Markdown.Row(data.Role, Markdown.Text(data.Name), data.Rows is { } rows ? Wording.Number(rows) : "-", data.Sha256 is { } d ? Markdown.Code(Digests.Short(d)) : "-"));
        if (claims.ReferencePredictions is { } reference)
            text.Append(Markdown.Row("reference predictions", Markdown.Text(reference.Path), Wording.Number(reference.Rows), Markdown.Code(Digests.Short(reference.Sha256))));
    }

    private static void Interface(StringBuilder text, Claims? claims)
    {
        if (claims is null)
            return;
        text.Append("\n## Inputs and outputs\n\n").Append(Markdown.Head("", "name", "type", "shape", "range", "unit"));
        foreach (var (kind, tensor) in claims.Interface.Inputs.Select(t => ("input", t)).Concat(claims.Interface.Outputs.Select(t => ("output", t))))
        {
            var range = tensor.Values is { } values ? string.Join(", ", values.Take(8)) + (values.Count > 8 ? " …" : "")
                : tensor is { Min: null, Max: null } ? "-"
                : $"{(tensor.Min is { } min ? Wording.Number(min) : "")} to {(tensor.Max is { } max ? Wording.Number(max) : "")}".Trim();
            text.Append(Markdown.Row(kind, Markdown.Code(tensor.Name), tensor.Datatype, $"\\[{string.Join(", ", tensor.Shape)}\\]", Markdown.Text(range), Markdown.Text(tensor.Unit ?? "-")));
        }
    }

    private static void Open(StringBuilder text, Evidence evidence)
    {
        var open = evidence.Clauses.Where(c => c.Verdict != Verdict.Pass).ToList();
        if (open.Count == 0)
            return;
        text.Append("\n## Limits that were found\n\n");
        foreach (var clause in open)
            text.Append($"- {Markdown.Sign(clause.Verdict)} {Markdown.Code(clause.Name)}: {Markdown.Text(clause.Reason)}\n");
    }

    private static void Line(StringBuilder text, string label, string? value)
    {
        if (value is { Length: > 0 })
            text.Append(Markdown.Row(label, Markdown.Text(value)));
    }
}
