using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Runs;

/// <summary>
/// Notes a model that a client before MLflow 3 logged: what its <c>MLmodel</c> says goes to the end of the list in the run's tag
/// <see cref="HistoryTag"/>.
/// </summary>
internal sealed class LogModel(Writes writes, RunsStore store, LogKeys keys)
{
    /// <summary>The tag with the list of models a run logged.</summary>
    public const string HistoryTag = "mlflow.log-model.history";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] Mandatory = ["artifact_path", "flavors", "run_id", "utc_time_created"];

    public Task HandleAsync(Caller caller, string runId, string modelJson, CancellationToken cancellation)
    {
        var note = NoteOf(modelJson);
        return writes.RunAsync(caller, async change =>
        {
            var run = await store.ActiveRunAsync(change, runId);
            var tags = (await store.LoadRunsAsync(change.Sql, change.Project, [run]))[0].Tags;
            var history = HistoryOf(tags.GetValueOrDefault(HistoryTag));
            history.Add(note.DeepClone());
            await store.SetTagsAsync(change, run.RunNo, [new LogPair(keys.Of(change.Project).Of(HistoryTag), history.ToJsonString(Documents.Compact))]);
            return true;
        }, cancellation);
    }

    /// <summary>The part of an MLmodel file that the list keeps: enough to find the model, without the environment of its Python flavor.</summary>
    private static JsonObject NoteOf(string modelJson)
    {
        JsonObject? model;
        try
        {
            model = JsonNode.Parse(modelJson, null, Strict) as JsonObject;
        }
        catch (JsonException)
        {
            throw Refusal.Invalid($"Malformed model info. \n {Shown(modelJson)} \n is not a valid JSON.");
        }

        if (model is null)
            throw Refusal.Invalid($"Malformed model info. \n {Shown(modelJson)} \n is not a JSON object.");
        var missing = Mandatory.Where(field => !model.ContainsKey(field)).ToList();
        if (missing.Count > 0)
            throw Refusal.Invalid($"Model json is missing mandatory fields: {{{string.Join(", ", missing.Select(field => $"'{field}'"))}}}");
        var note = new JsonObject();
        foreach (var field in (ReadOnlySpan<string>)["run_id", "artifact_path", "utc_time_created", "model_uuid"])
        {
            if (model.TryGetPropertyValue(field, out var value))
                note[field] = value?.DeepClone();
        }

        var flavors = model["flavors"]?.DeepClone() as JsonObject
            ?? throw Refusal.Invalid("Model json has no flavors: expected an object, such as {\"python_function\": {…}}.");
        (flavors["python_function"] as JsonObject)?.Remove("config");
        note["flavors"] = flavors;
        return note;
    }

    private static JsonArray HistoryOf(string? tag)
    {
        try
        {
            return tag is null ? [] : JsonNode.Parse(tag, null, Strict) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            // A client may write any text under the tag; what is no list cannot be gone on with.
            return [];
        }
    }

    private static string Shown(string text) => CodePoints.Cut(text, 200);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflowOnce("POST", "runs/log-model", Permission.WriteRuns, async (
        MlflowRequest request, Caller caller, LogModel log, CancellationToken cancellation) =>
    {
        await log.HandleAsync(caller, request.RequiredRunId(), request.Required("model_json"), cancellation);
        return MlflowAnswer.Empty;
    });
}
