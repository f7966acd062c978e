using Baton.Server.Platform.Errors;

namespace Baton.Server.Registry;

internal static class RegistryErrors
{
    public static Refusal NoModel(string name) => Refusal.NotFound($"Registered Model with name={name} not found");

    public static Refusal NoVersion(string name, long version) => Refusal.NotFound($"Model Version (name={name}, version={version}) not found");

    public static Refusal ModelExists(string name) => new(ProblemCode.AlreadyExists, $"Registered Model (name={name}) already exists.");

    public static Refusal InUse(ModelVersion version, IReadOnlyList<string> holds) => new(
        ProblemCode.InUse,
        $"{version.Name}/{version.Version} may not be deleted: {string.Join(" ", holds)}",
        [.. holds.Select(h => new Fault(null, h))]);

    public static Refusal Unsealed(ModelVersion version) => Refusal.NotReady(
        $"{version.Name}/{version.Version} is not sealed: Baton could not read its source '{version.Source}'. " +
        "Register it from runs:/RUN_ID/PATH, so that there is a package to hold to the contract.");
}
