using System.CommandLine;
using Baton.Contracts.Reports;
using Baton.Terminal;

namespace Baton.Verbs;

/// <summary>Options that write evidence into files, each in a form for other tools or people.</summary>
internal sealed class ReportFlags
{
    private readonly (Option<string?> Option, Func<ReportSubject, string> Write)[] _all =
    [
        (File("--html", "Write one HTML file with pictures, for people"), HtmlReport.Write),
        (File("--markdown", "Write Markdown for a pull request"), PullRequestReport.Write),
        (File("--junit", "Write JUnit XML, for a build's list of tests"), JUnitReport.Write),
        (File("--sarif", "Write SARIF 2.1.0, for code scanning"), SarifReport.Write),
        (File("--cyclonedx", "Write a CycloneDX 1.6 ML-BOM"), CycloneDxReport.Write),
        (File("--model-card", "Write a model card in Markdown"), ModelCardReport.Write),
    ];

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => _all.Select(a => a.Option);

    /// <summary>Whether any was asked for.</summary>
    public bool Asked(ParseResult parse) => _all.Any(a => parse.GetValue(a.Option) is not null);

    /// <summary>Writes those that were asked for.</summary>
    /// <exception cref="UsageException">A file cannot be written.</exception>
    public async Task WriteAsync(ParseResult parse, ReportSubject subject, Screen screen, CancellationToken cancel)
    {
        foreach (var (option, write) in _all)
        {
            if (parse.GetValue(option) is not { } file)
                continue;
            try
            {
                await System.IO.File.WriteAllTextAsync(file, write(subject), cancel);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"{option.Name} {file} cannot be written: {e.Message} Name a file in a directory that is there.", e);
            }

            screen.Note($"wrote {file}");
        }
    }

    private static Option<string?> File(string name, string about) => new(name) { Description = about, HelpName = "FILE" };
}
