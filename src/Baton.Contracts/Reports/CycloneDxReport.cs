using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baton.Contracts.Reports;

/// <summary>
/// Evidence and claims as a CycloneDX 1.6 ML-BOM: the model with its model card (quantitative analysis with intervals), its files with hashes, its data
/// sets, licence and code.
/// </summary>
public static partial class CycloneDxReport
{
    private const string ModelRef = "model";

    /// <summary>The document, indented, with <c>\n</c> at the end. The same evidence gives the same document.</summary>
    public static string Write(ReportSubject subject)
    {
        var evidence = subject.Evidence;
        var data = Datasets(subject.Claims).ToList();
        var files = (subject.Claims?.Package.Files ?? []).Select((file, i) => File(file, i)).ToList();
        var bom = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = "urn:uuid:" + Serial(evidence),
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = evidence.FinishedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["tools"] = new JsonObject { ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "Baton" }) },
                ["component"] = Model(subject),
            },
            ["components"] = new JsonArray([.. files, .. data]),
            ["dependencies"] = new JsonArray(new JsonObject
            {
                ["ref"] = ModelRef,
                ["dependsOn"] = new JsonArray([.. files.Concat(data).Select(c => (JsonNode)(string)c["bom-ref"]!)]),
            }),
        };
        return bom.ToJsonString(Documents.Indented) + "\n";
    }

    private static JsonObject Model(ReportSubject subject)
    {
        var (evidence, claims) = (subject.Evidence, subject.Claims);
        var model = new JsonObject { ["type"] = "machine-learning-model", ["bom-ref"] = ModelRef, ["name"] = evidence.Model };
        if (evidence.Version is { } version)
            model["version"] = version;
        if (subject.Contract?.Purpose is { } purpose)
            model["description"] = purpose;
        if (subject.Contract?.Owners?.Model is { } owner)
            model["supplier"] = new JsonObject { ["name"] = owner };
        if (claims?.Licence is { Length: > 0 } licence)
        {
            model["licenses"] = new JsonArray(SpdxExpression().IsMatch(licence)
                ? new JsonObject { ["expression"] = licence }
                : new JsonObject { ["license"] = new JsonObject { ["name"] = licence } });
        }

        if (claims is { Code: not null } or { BaseModel: not null })
            model["pedigree"] = Pedigree(claims);
        if (claims?.Code?.Repository is { Length: > 0 } repository)
            model["externalReferences"] = new JsonArray(new JsonObject { ["type"] = "vcs", ["url"] = repository });
        model["modelCard"] = Card(subject);
        model["properties"] = Properties(subject);
        return model;
    }

    private static JsonObject Pedigree(Claims claims)
    {
        var pedigree = new JsonObject();
        if (claims.BaseModel is { } parent)
            pedigree["ancestors"] = new JsonArray(new JsonObject { ["type"] = "machine-learning-model", ["name"] = parent });
        if (claims.Code is { } code)
            pedigree["commits"] = new JsonArray(new JsonObject { ["uid"] = code.Commit });
        return pedigree;
    }

    private static JsonObject Card(ReportSubject subject)
    {
        var parameters = new JsonObject();
        if (subject.Contract?.Task is { } task)
        {
            parameters["task"] = task;
            if (task is "clustering")
                parameters["approach"] = new JsonObject { ["type"] = "unsupervised" };
            else if (task is not "anomaly_detection")
                parameters["approach"] = new JsonObject { ["type"] = "supervised" };
        }

        if (subject.Claims is { } claims)
        {
            parameters["datasets"] = new JsonArray([.. claims.Data.Select((_, i) => new JsonObject { ["ref"] = DataRef(i) })]);
            parameters["inputs"] = new JsonArray([.. claims.Interface.Inputs.Select(t => new JsonObject { ["format"] = t.ToString() })]);
            parameters["outputs"] = new JsonArray([.. claims.Interface.Outputs.Select(t => new JsonObject { ["format"] = t.ToString() })]);
        }

        var card = new JsonObject
        {
            ["modelParameters"] = parameters,
            ["quantitativeAnalysis"] = new JsonObject { ["performanceMetrics"] = new JsonArray([.. Metrics(subject.Evidence)]) },
        };
        if (subject.Contract?.Purpose is { } purpose)
            card["considerations"] = new JsonObject { ["useCases"] = new JsonArray(purpose) };
        return card;
    }

    private static IEnumerable<JsonNode> Metrics(Evidence evidence)
    {
        foreach (var clause in evidence.Clauses.Where(c => c.Measured?.Number is not null && ClauseGroup.TitleOf(c.Name) is not "Package and provenance"))
        {
            var parts = clause.Name.Split(".slices.");
            var metric = new JsonObject
            {
                ["type"] = parts[0].StartsWith("metrics.", StringComparison.Ordinal) ? parts[0]["metrics.".Length..] : parts[0],
                ["value"] = Number(clause.Measured!.Number!.Value) + (clause.Unit.Length == 0 ? "" : " " + clause.Unit),
            };
            if (parts.Length > 1)
                metric["slice"] = parts[1];
            if (clause.Interval is { } interval)
                metric["confidenceInterval"] = new JsonObject { ["lowerBound"] = Number(interval.Low), ["upperBound"] = Number(interval.High) };
            yield return metric;
        }
    }

    private static JsonArray Properties(ReportSubject subject)
    {
        var evidence = subject.Evidence;
        List<(string Name, string Value)> properties =
        [
            ("baton:verdict", JsonNames.Of(evidence.Verdict)), ("baton:contract_digest", evidence.ContractDigest), ("baton:claims_digest", evidence.ClaimsDigest),
            ("baton:package_digest", evidence.PackageDigest), ("baton:machine", Wording.Of(evidence.Machine)),
            .. evidence.Clauses.Select(c => ($"baton:clause:{c.Name}", $"{JsonNames.Of(c.Verdict)} ({JsonNames.Of(c.Evidence)})")),
        ];
        if (subject.Claims is { } claims)
        {
            properties.Add(("baton:framework", $"{claims.Framework.Name} {claims.Framework.Version}".TrimEnd()));
            properties.Add(("baton:parameters", claims.Parameters.Total.ToString(CultureInfo.InvariantCulture)));
            properties.AddRange(claims.Framework.Opsets.Select(o => ($"baton:opset:{o.Key}", o.Value.ToString(CultureInfo.InvariantCulture))));
            properties.AddRange((claims.Environment ?? new Dictionary<string, string>()).Select(e => ($"baton:environment:{e.Key}", e.Value)));
        }

        return new JsonArray([.. properties.Select(p => new JsonObject { ["name"] = p.Name, ["value"] = p.Value })]);
    }

    private static JsonObject File(ManifestFile file, int index) => new()
    {
        ["type"] = "file",
        ["bom-ref"] = string.Create(CultureInfo.InvariantCulture, $"file-{index + 1}"),
        ["name"] = file.Path,
        ["hashes"] = Sha256(file.Sha256),
        ["properties"] = new JsonArray(new JsonObject { ["name"] = "baton:size", ["value"] = file.Size.ToString(CultureInfo.InvariantCulture) }),
    };

    private static IEnumerable<JsonObject> Datasets(Claims? claims) => (claims?.Data ?? []).Select((data, i) =>
    {
        var component = new JsonObject { ["type"] = "data", ["bom-ref"] = DataRef(i), ["name"] = data.Name };
        if (data.Sha256 is { } digest)
            component["hashes"] = Sha256(digest);
        component["data"] = new JsonArray(new JsonObject { ["type"] = "dataset", ["name"] = data.Name, ["description"] = data.Role });
        return component;
    });

    private static JsonArray Sha256(string digest) => new(new JsonObject { ["alg"] = "SHA-256", ["content"] = Digests.Hex(digest) });

    private static string DataRef(int index) => string.Create(CultureInfo.InvariantCulture, $"data-{index + 1}");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // A UUID of version 8 (RFC 9562: bits of the maker's own) from the digest of the evidence, so that the same evidence has the same name.
    private static string Serial(Evidence evidence)
    {
        var hex = Digests.Hex(Digests.Sha256(Documents.Write(evidence)));
        return $"{hex[..8]}-{hex[8..12]}-8{hex[13..16]}-a{hex[17..20]}-{hex[20..32]}";
    }

    [GeneratedRegex(@"^[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*$")]
    private static partial Regex SpdxExpression();
}
