using System.Globalization;
using System.Text.Json.Nodes;

namespace Baton.Contracts.Reports;

/// <summary>
/// Evidence as SARIF 2.1.0 (OASIS): a rule a clause, a result for each that does not pass, placed at the clause's line in the contract. A clause that
/// fails is an error; one that is inconclusive or was not run a warning. Code scanning shows every result it is given, so clauses that pass give none.
/// </summary>
public static class SarifReport
{
    /// <summary>The document, indented, with <c>\n</c> at the end.</summary>
    public static string Write(ReportSubject subject)
    {
        var evidence = subject.Evidence;
        var lines = new ClauseLines(subject.ContractText);
        var driver = new JsonObject
        {
            ["name"] = "Baton",
            ["rules"] = new JsonArray([.. evidence.Clauses.Select(Rule)]),
        };
        var results = evidence.Clauses.Select((clause, i) => (clause, i)).Where(c => c.clause.Verdict != Verdict.Pass)
            .Select(c => Result(subject, c.clause, c.i, lines.Of(c.clause.Name)));
        var run = new JsonObject
        {
            ["tool"] = new JsonObject { ["driver"] = driver },
            ["columnKind"] = "utf16CodeUnits",
            ["invocations"] = new JsonArray(new JsonObject
            {
                ["executionSuccessful"] = true,
                ["startTimeUtc"] = Utc(evidence.StartedAt),
                ["endTimeUtc"] = Utc(evidence.FinishedAt),
            }),
            ["results"] = new JsonArray([.. results]),
            ["properties"] = new JsonObject
            {
                ["model"] = subject.Name,
                ["verdict"] = JsonNames.Of(evidence.Verdict),
                ["contract_digest"] = evidence.ContractDigest,
                ["claims_digest"] = evidence.ClaimsDigest,
                ["package_digest"] = evidence.PackageDigest,
            },
        };
        var log = new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(run),
        };
        return log.ToJsonString(Documents.Indented) + "\n";
    }

    private static JsonObject Rule(ClauseResult clause) => new()
    {
        ["id"] = clause.Name,
        ["shortDescription"] = Text($"{clause.Name}: {clause.Demanded}"),
        ["fullDescription"] = Text($"The contract demands {clause.Demanded}; decided by evidence that is {Wording.Of(clause.Evidence)}."),
        ["defaultConfiguration"] = new JsonObject { ["level"] = "error" },
        ["properties"] = new JsonObject { ["tags"] = new JsonArray(ClauseGroup.TitleOf(clause.Name)) },
    };

    private static JsonObject Result(ReportSubject subject, ClauseResult clause, int index, int line)
    {
        var properties = new JsonObject { ["verdict"] = JsonNames.Of(clause.Verdict), ["evidence"] = JsonNames.Of(clause.Evidence) };
        if (clause.Claimed is not null)
            properties["claimed"] = Wording.Value(clause.Claimed, clause.Unit);
        if (clause.Measured is not null)
            properties["measured"] = Wording.Measured(clause);
        if (clause.MoreNeeded is { } more)
            properties["more_needed"] = $"{more.Count.ToString(CultureInfo.InvariantCulture)} {more.Unit}";
        return new JsonObject
        {
            ["ruleId"] = clause.Name,
            ["ruleIndex"] = index,
            ["kind"] = "fail",
            ["level"] = clause.Verdict == Verdict.Fail ? "error" : "warning",
            ["message"] = Text($"{clause.Name} {Wording.Of(clause.Verdict)}: {clause.Reason}"),
            ["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = new JsonObject
                {
                    ["artifactLocation"] = new JsonObject { ["uri"] = Uri(subject.ContractPath) },
                    ["region"] = new JsonObject { ["startLine"] = line },
                },
            }),
            ["partialFingerprints"] = new JsonObject { ["clause/v1"] = Digests.Hex(Digests.Sha256($"{subject.Evidence.Model}\n{clause.Name}")) },
            ["properties"] = properties,
        };
    }

    private static string Uri(string path) => string.Join('/', path.Replace('\\', '/').Split('/').Select(System.Uri.EscapeDataString));

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
