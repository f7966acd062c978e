using Baton.Server.Platform.Errors;

namespace Baton.Server.Runs.LoggedModels;

internal static class LoggedModelErrors
{
    public static Refusal NoModel(string id) => Refusal.NotFound($"Logged model with ID '{id}' not found.");

    public static Refusal NoTag(string id, string key) => Refusal.NotFound($"No tag with key '{key}' found for model with ID '{id}'.");

    public static Refusal ExperimentDeleted(string id) => Refusal.Invalid($"The experiment {id} must be in the 'active' state. Current state is deleted.");

    public static Refusal BadName(string name) => Refusal.Invalid(
        $"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain any of these characters: / : . % \" '");

    public static Refusal ParamTwice(string key) => new(ProblemCode.Duplicate,
        $"The param '{key}' is given twice, and a logged model has one value of each. Send it once.");

    public static Refusal ParamStands(string id, string key) => new(ProblemCode.Duplicate,
        $"The param '{key}' of the logged model with ID '{id}' was logged already; params of a model are written once.");
}
