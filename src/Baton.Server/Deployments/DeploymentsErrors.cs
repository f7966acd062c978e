using System.Globalization;
using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Server.Promotion;
using Baton.Server.Registry;

namespace Baton.Server.Deployments;

internal static class DeploymentsErrors
{
    public static Refusal NoEndpoint(string name) => Refusal.NotFound($"There is no endpoint '{name}': deploy a version to it first.");

    public static Refusal NeitherVersionNorStage() =>
        Refusal.Invalid("A deployment names the model and either a version or a stage: {\"model\": \"flight-delay\", \"version\": \"2\"} or {\"model\": \"flight-delay\", \"stage\": \"production\"}.");

    public static Refusal NoStage(string stage) => Refusal.Invalid($"'{stage}' is no stage to deploy from: expected staging or production.");

    public static Refusal EmptyStage(string model, string stage) => Refusal.NotReady(
        $"No version of {model} is in {stage.ToLowerInvariant()}: promote one first, or name a version.");

    public static Refusal OtherModel(string endpoint, string serves, string asked) => Refusal.Invalid(
        $"The endpoint {endpoint} serves versions of {serves}; a version of {asked} needs an endpoint of its own, since log and history are kept by endpoint and version.");

    public static Refusal GateRefused(ModelVersion version, string endpoint, GateAnswer answer) => new(
        ProblemCode.GateRefused,
        $"{version.Name}/{version.Version} may not serve {endpoint}: {string.Join(" ", answer.Reasons)}",
        [.. answer.Reasons.Select(r => new Fault(null, r))],
        answer.Verdict ?? Verdict.NotRun);

    public static Refusal NothingBefore(Deployment current) => Refusal.NotReady(
        $"{current.Endpoint} serves {current.Model}/{current.Version}, and there is no version before it to go back to: deploy one by its number.");

    public static Refusal OutOfService(Deployment latest) => Refusal.NotReady(
        $"{latest.Endpoint} is out of service, so there is nothing to roll back from: deploy a version, e.g. {latest.Model}/{latest.Version}, which it served last.");

    /// <summary>Throws where the endpoint does not serve what the caller expects: somebody was faster.</summary>
    public static void RequireCurrent(Endpoint endpoint, string? expected)
    {
        var actual = endpoint.Current?.Version.ToString(CultureInfo.InvariantCulture) ?? "";
        if (expected is not null && expected != actual)
            throw new Refusal(
                ProblemCode.EndpointMoved,
                $"{endpoint.Name} serves {Spoken(actual)}, not {Spoken(expected)} as expected: somebody changed it meanwhile. Look again and decide anew.");
    }

    private static string Spoken(string number) => number.Length == 0 ? "nothing" : $"version {number}";
}
