using System.Text.RegularExpressions;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Platform.Webhooks;

/// <summary>What a webhook's fields may be.</summary>
internal static partial class WebhookRules
{
    private const int MaxName = 63;

    public static string Name(string name) => name.Length <= MaxName && NameForm().IsMatch(name)
        ? name
        : throw Refusal.Invalid($"Webhook name cannot be empty, must be at most {MaxName} characters, start and end with a letter or digit, " +
            $"and contain only letters, digits, dashes, underscores and periods: '{name}'.");

    public static string Status(string status) => status.ToUpperInvariant() switch
    {
        Webhook.Active or "1" => Webhook.Active,
        Webhook.Disabled or "2" => Webhook.Disabled,
        _ => throw Refusal.Invalid($"Invalid webhook status: '{status}'. Expected {Webhook.Active} or {Webhook.Disabled}."),
    };

    /// <summary>The events of a request, each once; there must be one.</summary>
    public static IReadOnlyList<WebhookEvent> Events(IReadOnlyList<WebhookEvent> events) => events.Count > 0
        ? [.. events.Distinct()]
        : throw Refusal.Invalid("Webhook events cannot be empty: name at least one as {\"entity\": \"MODEL_VERSION\", \"action\": \"CREATED\"}.");

    public static Refusal NoWebhook(string id) => Refusal.NotFound($"Webhook with ID {id} not found.");

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
