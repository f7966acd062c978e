using System.Globalization;
using System.Text.Json.Serialization;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Webhooks;

/// <summary>A kind of event that a webhook is told of: what it happened to, and what. Both are written in lower case in the message that is sent.</summary>
internal sealed record WebhookEvent(string Entity, string Action)
{
    // In the order of MLflow's numbers, which begin with 1: a request may give those instead of the names. The last entity is Baton's own.
    private static readonly (string Entity, string[] Actions)[] Valid =
    [
        ("REGISTERED_MODEL", ["CREATED"]),
        ("MODEL_VERSION", ["CREATED"]),
        ("MODEL_VERSION_TAG", ["SET", "DELETED"]),
        ("MODEL_VERSION_ALIAS", ["CREATED", "DELETED"]),
        ("PROMPT", ["CREATED"]),
        ("PROMPT_VERSION", ["CREATED"]),
        ("PROMPT_TAG", ["SET", "DELETED"]),
        ("PROMPT_VERSION_TAG", ["SET", "DELETED"]),
        ("PROMPT_ALIAS", ["CREATED", "DELETED"]),
        ("BUDGET_POLICY", ["EXCEEDED"]),
        ("MODEL_VERSION_STAGE", ["SET"]),
    ];

    private static readonly string[] Actions = ["CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED"];

    /// <summary>E.g. <c>model_version.created</c>.</summary>
    [JsonIgnore]
    public string Name => $"{Entity}.{Action}".ToLowerInvariant();

    /// <summary>The event that a request names, by names or MLflow's numbers.</summary>
    public static WebhookEvent Parse(string entity, string action)
    {
        var known = Known([.. Valid.Select(v => v.Entity)], entity, "entity");
        var (name, actions) = Array.Find(Valid, v => v.Entity == known);
        var meant = Known(Actions, action, "action");
        return actions.Contains(meant)
            ? new WebhookEvent(name, meant)
            : throw Refusal.Invalid($"Invalid action '{meant.ToLowerInvariant()}' for entity '{name.ToLowerInvariant()}'. " +
                $"Valid actions are: [{string.Join(", ", actions.Select(a => $"'{a.ToLowerInvariant()}'"))}]");
    }

    private static string Known(string[] names, string given, string what)
    {
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= names.Length)
            return names[number - 1];
        return Array.Find(names, n => n.Equals(given, StringComparison.OrdinalIgnoreCase))
            ?? throw Refusal.Invalid($"Invalid webhook {what}: '{given}'. Expected one of {string.Join(", ", names)}.");
    }
}
