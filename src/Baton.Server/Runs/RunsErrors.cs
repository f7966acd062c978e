using Baton.Server.Platform.Errors;

namespace Baton.Server.Runs;

internal static class RunsErrors
{
    public static Refusal NoExperiment(string id) => Refusal.NotFound($"No Experiment with id={id} exists");

    public static Refusal NoExperimentNamed(string name) => Refusal.NotFound($"Could not find experiment with name '{name}'");

    public static Refusal ExperimentExists(string name) => new(ProblemCode.AlreadyExists, $"Experiment(name={name}) already exists.");

    public static Refusal NoRun(string id) => Refusal.NotFound($"Run with id={id} not found");

    public static Refusal RunDeleted(string id) => Refusal.Invalid($"The run {id} must be in the 'active' state. Current state is deleted.");

    public static Refusal ParamChanged(string runId, string key, string old, string now) => Refusal.Invalid(
        $"Changing param values is not allowed. Params were already logged='[{{'key': '{key}', 'old_value': '{old}', 'new_value': '{now}'}}]' for run ID='{runId}'.");

    public static Refusal TooMany(int most, int got, string what) => Refusal.Invalid(
        $"A batch logging request can contain at most {most} {what}. Got {got} {what}. Please split up {what} across multiple requests and try again.");

    public static Refusal TooLong(string what, int most) => Refusal.Invalid($"'{what}' exceeds the maximum length of {most} characters");
}
