using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Baton.Contracts;
using Baton.Contracts.Reports;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Contracts.Reports;

public sealed partial class ReportTests
{
    public static TheoryData<string> Forms => ["junit", "sarif", "markdown", "html", "cyclonedx", "model-card"];

    [Theory, MemberData(nameof(Forms))]
    public void A_report_is_what_was_approved(string form) => Approved.Match(Write(form, ReportSample.Subject), $"report-{form}");

    [Theory, MemberData(nameof(Forms))]
    public void Evidence_alone_gives_a_report_and_the_same_one_again(string form)
    {
        var alone = new ReportSubject(ReportSample.Evidence);

        Assert.Equal(Write(form, alone), Write(form, alone));
        Assert.Contains("flight-delay", Write(form, alone), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Forms))]
    public void Evidence_without_clauses_or_numbers_gives_a_report(string form)
    {
        var strange = ReportSample.Evidence with
        {
            Version = null,
            Clauses =
            [
                new() { Name = "a.b\u0000]]>", Verdict = Verdict.NotRun, Evidence = EvidenceLevel.Declared, Demanded = "", Reason = "\ud800", Measured = double.NaN, Bound = new Bound() },
                new() { Name = "latency", Verdict = Verdict.Pass, Evidence = EvidenceLevel.Measured, Demanded = "x", Reason = "", Measured = 0, Interval = new Interval(0, 0, 0.95), Series = [new Series("s", ["a", "b"], [null, null])] },
            ],
        };

        Assert.NotEmpty(Write(form, new ReportSubject(strange)));
        Assert.NotEmpty(Write(form, new ReportSubject(strange with { Clauses = [] })));
    }

    [Fact]
    public void JUnit_counts_failures_and_what_does_not_open_a_gate()
    {
        var root = XDocument.Parse(JUnitReport.Write(ReportSample.Subject)).Root!;

        Assert.Equal(("testsuites", "8", "1", "2"), (root.Name.LocalName, (string)root.Attribute("tests")!, (string)root.Attribute("failures")!, (string)root.Attribute("errors")!));
        Assert.All(root.Elements(), suite =>
        {
            Assert.Equal("testsuite", suite.Name.LocalName);
            Assert.Equal((string)suite.Attribute("tests")!, suite.Elements("testcase").Count().ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.All(suite.Elements("testcase"), test => Assert.All(["name", "classname", "time"], name => Assert.NotNull(test.Attribute(name))));
        });
        Assert.Equal("metrics.roc_auc", (string)root.Descendants("error").First().Parent!.Attribute("name")!);
    }

    [Fact]
    public void Sarif_has_what_the_standard_asks_for_and_places_each_clause_at_its_line()
    {
        var log = JsonDocument.Parse(SarifReport.Write(ReportSample.Subject)).RootElement;

        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        var run = log.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        Assert.Equal(ReportSample.Evidence.Clauses.Select(c => c.Name), rules);
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.All(results, r =>
        {
            Assert.Equal(r.GetProperty("ruleId").GetString(), rules[r.GetProperty("ruleIndex").GetInt32()]);
            Assert.Contains(r.GetProperty("level").GetString(), new[] { "error", "warning" });
            Assert.NotEmpty(r.GetProperty("message").GetProperty("text").GetString()!);
        });
        var place = results[1].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("contracts/my%20flights/contract.yaml", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(LineOf("roc_auc:"), place.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    [Theory]
    [InlineData("reproduces", "reproduces:")]
    [InlineData("metrics.roc_auc.slices.carrier", "carrier:")]
    [InlineData("metrics.roc_auc.slices.origin", "slices:")]
    [InlineData("latency", "latency:")]
    [InlineData("interface", "clauses:")]
    public void A_clause_is_found_in_the_text(string clause, string words) => Assert.Equal(LineOf(words), new ClauseLines(ReportSample.Yaml).Of(clause));

    [Fact]
    public void A_text_that_is_no_contract_has_clauses_on_its_first_line() => Assert.Equal(1, new ClauseLines("{[").Of("latency"));

    [Fact]
    public void CycloneDx_has_the_model_with_its_card_and_every_reference_leads_somewhere()
    {
        var bom = JsonDocument.Parse(CycloneDxReport.Write(ReportSample.Subject)).RootElement;

        Assert.Equal(("CycloneDX", "1.6"), (bom.GetProperty("bomFormat").GetString(), bom.GetProperty("specVersion").GetString()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", bom.GetProperty("serialNumber").GetString());
        var model = bom.GetProperty("metadata").GetProperty("component");
        Assert.Equal("machine-learning-model", model.GetProperty("type").GetString());
        var metric = model.GetProperty("modelCard").GetProperty("quantitativeAnalysis").GetProperty("performanceMetrics").EnumerateArray().First(m => m.GetProperty("type").GetString() == "roc_auc");
        Assert.Equal(("0.6534", "0.6301"), (metric.GetProperty("value").GetString(), metric.GetProperty("confidenceInterval").GetProperty("lowerBound").GetString()));
        var components = bom.GetProperty("components").EnumerateArray().ToList();
        Assert.All(components, c => Assert.All(c.TryGetProperty("hashes", out var hashes) ? hashes.EnumerateArray() : [], h => Assert.Matches("^[0-9a-f]{64}$", h.GetProperty("content").GetString())));
        var known = components.Select(c => c.GetProperty("bom-ref").GetString()).ToHashSet();
        Assert.Equal(known.Count, components.Count);
        var wanted = bom.GetProperty("dependencies")[0].GetProperty("dependsOn").EnumerateArray().Select(r => r.GetString())
            .Concat(model.GetProperty("modelCard").GetProperty("modelParameters").GetProperty("datasets").EnumerateArray().Select(d => d.GetProperty("ref").GetString()));
        Assert.All(wanted, reference => Assert.Contains(reference, known));
    }

    [Fact]
    public void Html_is_one_file_without_script_or_request_and_shows_hostile_names_as_text()
    {
        var html = HtmlReport.Write(ReportSample.Subject);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(Request(), html);
        Assert.Contains("AA|1&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("costs 600 EUR", html, StringComparison.Ordinal);
        Assert.All(["ROC", "Precision and recall", "Calibration", "Confusion", "ML Test Score"], title => Assert.Contains(title, html, StringComparison.Ordinal));
        Assert.Equal(Regex.Count(html, "<svg"), Regex.Count(html, "</svg>"));
    }

    [Fact]
    public void Markdown_tells_the_verdict_first_and_mentions_nobody()
    {
        var text = PullRequestReport.Write(ReportSample.Subject);

        Assert.StartsWith("## ❌ flight-delay/2 does not keep its contract\n", text, StringComparison.Ordinal);
        Assert.Contains("`AA\\|1<script>alert(1)</script>\uFFFD`", text, StringComparison.Ordinal);
        Assert.Contains("\\<b\\>2 rows\\</b\\> differ \\| by more", text, StringComparison.Ordinal);
        Assert.Contains("&#64; 2.0 GHz", text, StringComparison.Ordinal);
        Assert.Contains("about 38 more days", text, StringComparison.Ordinal);
    }

    private static int LineOf(string words) => Array.FindIndex(ReportSample.Yaml.Split('\n'), line => line.TrimStart().StartsWith(words, StringComparison.Ordinal)) + 1;

    private static string Write(string form, ReportSubject subject) => form switch
    {
        "junit" => JUnitReport.Write(subject),
        "sarif" => SarifReport.Write(subject),
        "markdown" => PullRequestReport.Write(subject),
        "html" => HtmlReport.Write(subject),
        "cyclonedx" => CycloneDxReport.Write(subject),
        _ => ModelCardReport.Write(subject),
    };

    [GeneratedRegex("""(src|href)\s*=|url\(|@import""", RegexOptions.IgnoreCase)]
    private static partial Regex Request();
}
