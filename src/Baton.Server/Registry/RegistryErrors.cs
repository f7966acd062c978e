using Baton.Server.Platform.Errors;

namespace Baton.Server.Registry;

internal static class RegistryErrors
{
    public static Refusal NoModel(string name) => Refusal.NotFound($"Registered Model with name={name} not found");

    public static Refusal NoVersion(string name, long version) => Refusal.NotFound($"Model Version (name={name}, version={version}) not found");

    /// <summary>MLflow answers 400 here, and its clients know no other.</summary>
    public static Refusal NoAlias(string alias) => Refusal.Invalid($"Registered model alias {alias} not found.");

    public static Refusal NameTaken(string name, bool byPrompt, bool forPrompt)
    {
        static string Word(bool isPrompt) => isPrompt ? "prompt" : "registered model";
        return new Refusal(
            ProblemCode.AlreadyExists,
            (byPrompt, forPrompt) switch
            {
                (false, false) => $"Registered Model (name={name}) already exists.",
                (true, true) => $"Prompt (name={name}) already exists.",
                _ => $"The {Word(forPrompt)} '{name}' cannot be made: a {Word(byPrompt)} has this name already. A prompt and a registered model cannot share one; choose another.",
            });
    }

    public static Refusal NameUsedBefore(string name, long lastVersion) => new(
        ProblemCode.Conflict,
        $"The name '{name}' was another model's, and the ledger speaks of its versions up to {lastVersion}: versions of this model would be mistaken for them. Choose a name that was not used.");

    public static Refusal InUse(string what, string verb, IReadOnlyList<string> holds) => new(
        ProblemCode.InUse,
        $"{what} may not be {verb}: {string.Join(" ", holds)}",
        [.. holds.Select(h => new Fault(null, h))]);

    public static Refusal Unsealed(ModelVersion version) => Refusal.NotReady(
        $"{version.Name}/{version.Version} is not sealed: Baton could not read its source '{version.Source}'. " +
        "Register it from runs:/RUN_ID/PATH, so that there is a package to hold to the contract.");

    public static Refusal SourceMoved(string source) => new(
        ProblemCode.Conflict, $"'{source}' came to mean other files while they were copied, so nothing was registered: register it again.");

    public static Refusal NoSource(string source) => Refusal.Invalid($"Invalid model version source: '{source}'.");

    public static Refusal RelativeSource(string source) => Refusal.Invalid(
        $"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, " +
        "an absolute path must be provided without relative path references present. Please provide an absolute path.");

    public static Refusal LocalSource(string source, bool ofLoggedModel) => Refusal.Invalid(
        $"Invalid model version source: '{source}'. To use a local path as a model version source, the {(ofLoggedModel ? "model_id" : "run_id")} request parameter has to be specified " +
        "and the local path has to be contained within the artifact directory of the " +
        $"{(ofLoggedModel ? "logged model specified by the model_id" : "run specified by the run_id")}.");
}
