using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;

namespace Baton.Server.Platform.Webhooks;

/// <summary>What an event of the registry says to webhooks, in MLflow's words.</summary>
internal static class WebhookMessage
{
    private const string PromptTag = "mlflow.prompt.is_prompt";
    private const string PromptText = "mlflow.prompt.text";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Types of the events that webhooks can be told of.</summary>
    public static IReadOnlyCollection<string> Types { get; } =
    [
        "model.registered", "version.registered", "model.tag_set", "model.tag_deleted", "version.tag_set", "version.tag_deleted", "alias.set", "alias.deleted",
        "promotion.done",
    ];

    /// <summary>The kind of event and what is said of it; null where it is none that webhooks are told of.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="isPrompt">Whether the model it is about is a prompt.</param>
    public static (WebhookEvent Event, JsonObject Data)? Of(Event happened, bool isPrompt)
    {
        var detail = (JsonObject)JsonNode.Parse(happened.Data)!;
        var subject = happened.Subject.Split('/');
        // What an import brings happened elsewhere, and was told there.
        if (subject is not ["models", { } name, ..] || detail.ContainsKey("imported_from"))
            return null;
        var version = subject is [_, _, "versions", { } number] ? number : detail["version"]?.ToString();
        var prompt = isPrompt || string.Equals(Text(detail["tags"], PromptTag), "true", StringComparison.OrdinalIgnoreCase);
        return happened.Type switch
        {
            "model.registered" => (new(prompt ? "PROMPT" : "REGISTERED_MODEL", "CREATED"), new JsonObject
            {
                ["name"] = name,
                ["tags"] = Tags(detail),
                ["description"] = Text(detail, "description") ?? "",
            }),
            "version.registered" => prompt
                ? (new("PROMPT_VERSION", "CREATED"), new JsonObject
                {
                    ["name"] = name,
                    ["version"] = version,
                    ["template"] = Text(Tags(detail), PromptText) ?? "",
                    ["tags"] = Tags(detail),
                    ["description"] = Text(detail, "description"),
                })
                : (new("MODEL_VERSION", "CREATED"), new JsonObject
                {
                    ["name"] = name,
                    ["version"] = version,
                    ["source"] = Text(detail, "source") ?? "",
                    ["run_id"] = Text(detail, "run_id") is { Length: > 0 } run ? run : null,
                    ["tags"] = Tags(detail),
                    ["description"] = Text(detail, "description") is { Length: > 0 } description ? description : null,
                }),
            "model.tag_set" or "model.tag_deleted" => prompt
                ? (new("PROMPT_TAG", happened.Type.EndsWith("set", StringComparison.Ordinal) ? "SET" : "DELETED"), Tag(detail, ("name", name)))
                : null,
            "version.tag_set" or "version.tag_deleted" => (
                new(prompt ? "PROMPT_VERSION_TAG" : "MODEL_VERSION_TAG", happened.Type.EndsWith("set", StringComparison.Ordinal) ? "SET" : "DELETED"),
                Tag(detail, ("name", name), ("version", version))),
            "alias.set" => (new(prompt ? "PROMPT_ALIAS" : "MODEL_VERSION_ALIAS", "CREATED"), new JsonObject
            {
                ["name"] = name,
                ["alias"] = Text(detail, "alias"),
                ["version"] = version,
            }),
            "alias.deleted" => (new(prompt ? "PROMPT_ALIAS" : "MODEL_VERSION_ALIAS", "DELETED"), new JsonObject
            {
                ["name"] = name,
                ["alias"] = Text(detail, "alias"),
            }),
            "promotion.done" => (new("MODEL_VERSION_STAGE", "SET"), new JsonObject
            {
                ["name"] = name,
                ["version"] = version,
                ["stage"] = Text(detail, "stage"),
                ["from_stage"] = Text(detail, "from"),
            }),
            _ => null,
        };
    }

    /// <summary>The JSON that is sent.</summary>
    public static string Write(WebhookEvent kind, long at, JsonObject data) => new JsonObject
    {
        ["entity"] = kind.Entity.ToLowerInvariant(),
        ["action"] = kind.Action.ToLowerInvariant(),
        ["timestamp"] = Instants.FromMicros(at).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture),
        ["data"] = data,
    }.ToJsonString(Json);

    /// <summary>What a test of a webhook says.</summary>
    public static JsonObject Example(WebhookEvent kind)
    {
        var prompt = kind.Entity.StartsWith("PROMPT", StringComparison.Ordinal);
        var data = new JsonObject { ["name"] = prompt ? "example_prompt" : "example_model" };
        if (kind.Entity is "MODEL_VERSION" or "PROMPT_VERSION" or "MODEL_VERSION_TAG" or "PROMPT_VERSION_TAG" or "MODEL_VERSION_STAGE"
            || (kind.Entity.EndsWith("ALIAS", StringComparison.Ordinal) && kind.Action == "CREATED"))
            data["version"] = "1";
        if (kind.Entity.EndsWith("_TAG", StringComparison.Ordinal))
            data["key"] = "example_key";
        if (kind is { Action: "SET" } && data.ContainsKey("key"))
            data["value"] = "example_value";
        if (kind.Entity.EndsWith("_ALIAS", StringComparison.Ordinal))
            data["alias"] = "example_alias";
        if (kind.Entity == "MODEL_VERSION")
            (data["source"], data["run_id"]) = ("models:/123", "abcd1234abcd5678");
        if (kind.Entity == "PROMPT_VERSION")
            data["template"] = "Hello {{name}}!";
        if (kind.Entity == "MODEL_VERSION_STAGE")
            (data["stage"], data["from_stage"]) = ("production", "staging");
        if (kind is { Action: "CREATED" } && !data.ContainsKey("alias"))
            (data["tags"], data["description"]) = (new JsonObject { ["example_key"] = "example_value" }, $"An example {(prompt ? "prompt" : "model")}");
        return data;
    }

    private static JsonObject Tag(JsonObject detail, params (string Name, string? Value)[] of)
    {
        var data = new JsonObject();
        foreach (var (name, value) in of)
            data[name] = value;
        data["key"] = Text(detail, "key");
        if (detail.ContainsKey("value"))
            data["value"] = Text(detail, "value");
        return data;
    }

    private static JsonObject Tags(JsonObject detail) => detail["tags"] is JsonObject tags ? (JsonObject)tags.DeepClone() : [];

    private static string? Text(JsonNode? of, string name) => (of as JsonObject)?[name]?.ToString();
}
