using Baton.Contracts;
using Baton.Server.Artifacts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Server.Registry;
using Baton.Server.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Takes the claims of a version: they must be of its sealed package, and what they name as reference predictions and as data is sealed with them.</summary>
internal sealed class SubmitClaims(Writes writes, HandoffStore store, RegistryStore registry, ArtifactsStore artifacts, RunsStore runs, ArtifactPlaces places)
{
    private const int MaxDocument = 8 * 1024 * 1024;

    public async Task<ClaimsRecord> HandleAsync(Caller caller, ModelName model, long number, Claims claims, CancellationToken cancellation)
    {
        if (claims.Package?.Files is not { } files || files.Any(f => f?.Path is null || !Digests.IsDigest(f.Sha256)))
            throw new Refusal(ProblemCode.InvalidClaims, "The claims name no package: package.files lists each file with its path, sha256 (sha256: and 64 hex digits) and size.");
        if (files.Select(f => f.Path).Distinct().Count() != files.Count)
            throw new Refusal(ProblemCode.InvalidClaims, "The claims name a file of the package twice.");
        if (claims.Model != model.Value)
            throw new Refusal(ProblemCode.InvalidClaims, $"The claims are of model '{claims.Model}', but they were sent for '{model}'.");
        if (claims.Data is null || claims.Data.Any(d => d is null))
            throw new Refusal(ProblemCode.InvalidClaims, "The claims' data is no list of datasets: leave it out, or list each with its role and name.");
        return await writes.RunAsync(caller, async change =>
        {
            await registry.LockModelAsync(change, model.Value);
            var version = await registry.FindVersionAsync(change.Sql, change.Project, model.Value, number) ?? throw RegistryErrors.NoVersion(model.Value, number);
            if (version.ManifestDigest is not { } manifestDigest)
                throw RegistryErrors.Unsealed(version);
            var package = (await artifacts.FindManifestAsync(change.Sql, change.Project, manifestDigest))!;
            var faults = Differences(claims.Package, package).ToList();
            if (faults.Count > 0)
                throw HandoffErrors.OtherPackage(faults);
            if (claims.ReferencePredictions is { } reference)
                await change.HoldAsync(version.Subject, await FindAsync(change, version, package, "reference predictions", reference.Path, reference.Sha256));
            var data = new List<DatasetClaim>();
            foreach (var dataset in claims.Data)
            {
                data.Add(dataset.Path is null ? dataset : dataset with { Sha256 = await FindAsync(change, version, package, $"{dataset.Role} data", dataset.Path, dataset.Sha256) });
                if (dataset.Path is not null)
                    await change.HoldAsync(version.Subject, data[^1].Sha256!);
            }

            var stated = claims with { Data = data, Version = number.ToString(System.Globalization.CultureInfo.InvariantCulture), RunId = version.RunId.Length == 0 ? null : version.RunId };
            var document = Documents.Write(stated);
            var digest = Digests.Sha256(document);
            await store.PutClaimsAsync(change, model.Value, number, digest, document);
            await change.RecordAsync("claims.submitted", version.Subject, new { claims = digest, package = manifestDigest }, digest);
            return (await store.FindClaimsAsync(change.Sql, change.Project, model.Value, number, digest))!;
        }, cancellation);
    }

    private static IEnumerable<Fault> Differences(Manifest claimed, Manifest package)
    {
        var sealedFiles = package.Files.ToDictionary(f => f.Path);
        foreach (var file in claimed.Files)
        {
            if (!sealedFiles.Remove(file.Path, out var there))
                yield return new Fault(file.Path, $"The package holds no '{file.Path}'.");
            else if (there.Sha256 != file.Sha256)
                yield return new Fault(file.Path, $"'{file.Path}' is {there.Sha256} in the package; the claims say {file.Sha256}.");
        }

        foreach (var file in sealedFiles.Keys)
            yield return new Fault(file, $"The package also holds '{file}', which the claims do not name.");
    }

    /// <summary>The digest of a file beside the package that the claims name: found in the package or among the run's files, and what the claims say it is.</summary>
    private async Task<string> FindAsync(Change change, ModelVersion version, Manifest package, string what, string path, string? claimed)
    {
        var found = package.Files.FirstOrDefault(f => f.Path == path)?.Sha256;
        if (found is null && version.RunId.Length > 0)
        {
            var run = await runs.FindRunAsync(change.Sql, change.Project, version.RunId) ?? throw RunsErrors.NoRun(version.RunId);
            found = (await artifacts.FindAsync(change.Sql, change.Project, places.RootOf(run).Join(path)))?.Digest;
        }

        if (found is null)
            throw new Refusal(ProblemCode.InvalidClaims, $"The {what} '{path}' are neither in the package nor among the files of run {version.RunId}: upload them first.");
        return claimed is null || found == claimed
            ? found
            : throw new Refusal(ProblemCode.InvalidClaims, $"The {what} '{path}' are {found}; the claims say {claimed}.");
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapV1("PUT", "models/{name}/versions/{version}/claims", Permission.WriteHandoff, async (
        string name, string version, HttpRequest request, Caller caller, SubmitClaims submit, CancellationToken cancellation) =>
    {
        var claims = Documents.Read<Claims>(await request.ReadTextAsync(MaxDocument, cancellation));
        return ClaimsView.Answer(await submit.HandleAsync(caller, ModelName.Parse(name), ModelVersion.ParseNumber(version), claims, cancellation));
    });
}

/// <summary>Claims on the wire.</summary>
internal sealed record ClaimsView(string Digest, Claims Claims)
{
    public static IResult Answer(ClaimsRecord record) => Results.Json(new ClaimsView(record.Digest, Documents.Read<Claims>(record.Document)), Documents.Compact);
}
