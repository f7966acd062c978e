using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Platform.References;
using Baton.Server.Runs;
using Baton.Server.Runs.LoggedModels;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Registry;

/// <summary>
/// Registers a version and seals its package. A source that Baton cannot read (another store's URI) gives an unsealed version, which can have no
/// contract and no gated stage.
/// </summary>
internal sealed class RegisterVersion(
    Writes writes,
    BatonDatabase database,
    RegistryStore store,
    ResolveSource resolve,
    LoggedModelsStore loggedModels,
    ArtifactPlaces places,
    CopyOuterFiles copy,
    SealArtifacts seal)
{
    /// <summary>The tag by which a logged model says which versions were made of it.</summary>
    public const string VersionsTag = "mlflow.modelVersions";

    private const int MaxSource = 2048;

    public async Task<ModelVersion> HandleAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        if (request.Source.IsLongerThan(MaxSource))
            throw RunsErrors.TooLong("source", MaxSource);
        TagRule.Checked(request.Tags);
        var copied = places.Outer is null ? null : await CopyAsync(caller, request, cancellation);
        return await writes.RunAsync(caller, async change =>
        {
            var number = await store.NextVersionAsync(change, request.Name.Value) ?? throw RegistryErrors.NoModel(request.Name.Value);
            var source = await resolve.HandleAsync(new ResolveSource.Look(change.Sql, change.Project, path => path == copied?.Source) { Change = change }, request);
            var package = await SealAsync(change, request, source, copied);
            var version = new ModelVersion
            {
                Name = request.Name.Value,
                Version = number,
                Description = request.Description ?? "",
                Source = request.Source,
                RunId = source.RunId,
                RunLink = request.RunLink ?? "",
                ModelId = source.Model?.ModelId,
                ManifestDigest = package?.Digest,
                StorageLocation = package is null ? source.StorageLocation : null,
                CreatedBy = caller.Actor.Name,
                CreatedAt = change.Now,
                UpdatedAt = change.Now,
                Tags = request.Tags,
            };
            await store.InsertVersionAsync(change, version);
            if (package is not null)
                await change.HoldAsync(version.Subject, package);
            if (source.Model is { } model)
                await LinkAsync(change, model, version);
            await change.RecordAsync("version.registered", version.Subject, new
            {
                request.Source,
                run_id = source.RunId,
                model_id = version.ModelId,
                package = version.ManifestDigest,
                request.Description,
                tags = request.Tags.Count == 0 ? null : request.Tags,
            });
            return version;
        }, cancellation);
    }

    /// <summary>Copies what clients wrote themselves, before the change that registers it; null where the source names nothing such.</summary>
    private async Task<CopiedFiles?> CopyAsync(Caller caller, Request request, CancellationToken cancellation)
    {
        var source = await database.ReadAsync(
            async sql => await store.FindModelAsync(sql, caller.Project, request.Name.Value) is null
                ? throw RegistryErrors.NoModel(request.Name.Value)
                : await resolve.HandleAsync(new ResolveSource.Look(sql, caller.Project, copy.Finds), request),
            cancellation);
        return source.Place is { IsOuter: true } place ? await copy.HandleAsync(place.Path, cancellation) : null;
    }

    private async Task<Manifest?> SealAsync(Change change, Request request, ResolvedSource source, CopiedFiles? copied)
    {
        if (source.Place is not { } place)
            return source.Package;
        if (!place.IsOuter)
            return await seal.HandleAsync(change, place.Path);
        if (copied is null || copied.Source != place.Path)
            throw RegistryErrors.SourceMoved(request.Source);
        await seal.KeepAsync(change, copied.Manifest);
        return copied.Manifest;
    }

    /// <summary>Tells the logged model of its version, in the words MLflow's server has for it.</summary>
    private async Task LinkAsync(Change change, LoggedModel model, ModelVersion version)
    {
        var link = string.Create(CultureInfo.InvariantCulture, $$"""{"name": {{JsonSerializer.Serialize(version.Name)}}, "version": {{version.Version}}}""");
        var before = (await loggedModels.LockTagAsync(change, model.ModelId, VersionsTag))?.Trim() ?? "";
        var links = IsFilledArray(before) ? $"{before[..^1]}, {link}]" : $"[{link}]";
        await loggedModels.SetTagAsync(change, model.ModelId, VersionsTag, links);
    }

    private static bool IsFilledArray(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Length == 0 ? "null" : text);
            return document.RootElement is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "model-versions/create", Permission.WriteRegistry, async (
        MlflowRequest request, Caller caller, RegisterVersion register, CancellationToken cancellation) =>
    {
        var version = await register.HandleAsync(
            caller,
            new Request(ModelName.Parse(request.Required("name")), request.Required("source"))
            {
                RunId = request.Optional("run_id"),
                ModelId = request.Optional("model_id"),
                Description = request.Optional("description"),
                RunLink = request.Optional("run_link"),
                Tags = request.Pairs("tags"),
            },
            cancellation);
        return MlflowAnswer.Of(new { ModelVersion = MlflowModelVersion.WithAliases(version) });
    });

    public sealed record Request(ModelName Name, string Source)
    {
        public string? RunId { get; init; }

        /// <summary>The logged model it is made from.</summary>
        public string? ModelId { get; init; }

        public string? Description { get; init; }

        public string? RunLink { get; init; }

        public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    }
}
