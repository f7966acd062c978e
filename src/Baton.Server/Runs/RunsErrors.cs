using Baton.Server.Platform.Errors;

namespace Baton.Server.Runs;

internal static class RunsErrors
{
    public static Refusal NoExperiment(string id) => Refusal.NotFound($"No Experiment with id={id} exists");

    public static Refusal NoExperimentNamed(string name) => Refusal.NotFound($"Could not find experiment with name '{name}'");

    public static Refusal ExperimentExists(string name) => new(ProblemCode.AlreadyExists, $"Experiment(name={name}) already exists.");

    public static Refusal ExperimentDeleted(long id) => Refusal.Invalid($"The experiment {id} must be in the 'active' state. Current state is deleted.");

    public static Refusal NoExperimentTag(long id, string key) => Refusal.NotFound($"No tag with name: {key} in experiment with id {id}");

    public static Refusal NoRunTag(string runId, string key) => Refusal.NotFound($"No tag with name: {key} in run with id {runId}");

    public static Refusal NoRun(string id) => Refusal.NotFound($"Run with id={id} not found");

    public static Refusal RunDeleted(string id) => Refusal.Invalid($"The run {id} must be in the 'active' state. Current state is deleted.");

    public static Refusal ParamChanged(string runId, (LogPair Param, string Stands) conflict) => Refusal.Invalid(
        $"Changing param values is not allowed. Param with key='{conflict.Param.Key.Text}' was already logged with value='{conflict.Stands}' for run ID='{runId}'. " +
        $"Attempted logging new value '{conflict.Param.Value}'.");

    public static Refusal ParamsChanged(string runId, IEnumerable<(LogPair Param, string Stands)> conflicts) => Refusal.Invalid(
        "Changing param values is not allowed. Params were already logged='[" +
        string.Join(", ", conflicts.Select(c => $"{{'key': '{c.Param.Key.Text}', 'old_value': '{c.Stands}', 'new_value': '{c.Param.Value}'}}")) + $"]' for run ID='{runId}'.");

    public static Refusal TooMany(int most, int got, string what) => Refusal.Invalid(
        $"A batch logging request can contain at most {most} {what}. Got {got} {what}. Please split up {what} across multiple requests and try again.");

    public static Refusal TooLong(string what, int most) => Refusal.Invalid($"'{what}' exceeds the maximum length of {most} characters");
}
