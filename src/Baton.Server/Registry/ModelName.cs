using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Registry;

/// <summary>Name of a registered model: not blank, without <c>/</c> and <c>:</c>, which separate it from versions and aliases.</summary>
internal sealed record ModelName
{
    private const int MaxLength = 256;

    private ModelName(string value) => Value = value;

    public string Value { get; }

    /// <summary>Path of the model in ledger and events.</summary>
    public string Subject => $"models/{Value}";

    public static ModelName Parse(string text, string parameter = "name")
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Refusal.Invalid($"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");
        if (text.IsLongerThan(MaxLength))
            throw Refusal.Invalid($"'{parameter}' exceeds the maximum length of {MaxLength} characters");
        if (text.AsSpan().IndexOfAny('/', ':') >= 0)
            throw Refusal.Invalid($"Invalid model name '{text}'. Names cannot contain '/' or ':'.");
        if (text is "." or ".." || text.Any(char.IsControl))
            throw Refusal.Invalid($"Invalid model name '{text}'. It would not be one segment of a path.");
        return new ModelName(text);
    }

    public override string ToString() => Value;
}
