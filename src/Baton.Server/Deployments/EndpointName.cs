using Baton.Server.Platform.Errors;

namespace Baton.Server.Deployments;

/// <summary>Name of an endpoint: one segment of a path, in addresses and in folders, whatever the file system.</summary>
internal sealed record EndpointName
{
    private const int MaxLength = 128;

    private EndpointName(string value) => Value = value;

    public string Value { get; }

    /// <summary>Path of the endpoint in ledger and events.</summary>
    public string Subject => SubjectOf(Value);

    public static string SubjectOf(string name) => $"endpoints/{name}";

    public static EndpointName Parse(string text) =>
        text.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? new EndpointName(text)
            : throw Refusal.Invalid(
                $"'{text}' is no name of an endpoint: expected 1 to {MaxLength} letters, digits, '-', '_' or '.', the first a letter or digit, e.g. flight-delay.");

    public override string ToString() => Value;
}
