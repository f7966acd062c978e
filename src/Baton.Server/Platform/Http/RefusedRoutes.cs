using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Http;

/// <summary>
/// MLflow's routes that Baton does not have, each refused with a sentence on what there is instead. The answer is 501, which clients do not
/// repeat; a 500, 503 or 429 would have them wait for minutes.
/// </summary>
internal static class RefusedRoutes
{
    private static readonly string[] Verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly (string What, string Instead, string[] Paths)[] Refused =
    [
        ("Traces of language models are not kept.", "Runs, metrics and artifacts are kept; send traces to a tracing backend.",
            ["/v1/traces", .. Mlflow("2.0", "traces"), .. Mlflow("3.0", "traces")]),
        ("Evaluation datasets are not kept.", "Log datasets as inputs of runs (runs/log-inputs); a handoff contract checks a version against sealed test data.", Mlflow("3.0", "datasets")),
        ("Scorers are not kept.", "A handoff contract names the metrics of a version and their bounds, and Baton measures them.", Mlflow("3.0", "scorers")),
        ("Issues of traces are not kept.", "What stands against a version is in its verdict: GET /api/v1/models/NAME/versions/VERSION/verifications.", Mlflow("3.0", "issues")),
        ("MLflow's jobs are not run.", "Verifications are Baton's jobs: POST /api/v1/models/NAME/versions/VERSION/verifications.", Mlflow("3.0", "jobs")),
        ("Prompts are not optimized.", "Prompts themselves are kept: they are registered models with the tag mlflow.prompt.is_prompt.",
            [.. Mlflow("3.0", "prompt-optimization"), .. Mlflow("3.0", "prompt-optimization-jobs")]),
        ("There is no gateway to language models.", "Baton serves models of its own registry at endpoints: POST /api/v1/endpoints.",
            ["/gateway", .. Mlflow("2.0", "gateway"), .. Mlflow("3.0", "gateway"), .. Mlflow("2.0", "gateway-proxy"), .. Mlflow("3.0", "gateway-proxy")]),
        ("Workspaces need no management.", "A workspace is a project here, made by its first use: set MLFLOW_WORKSPACE, send X-MLFLOW-WORKSPACE, or put /p/PROJECT in front of every path.",
            Mlflow("3.0", "workspaces")),
        ("GraphQL is not spoken.", "The REST routes under /api/2.0/mlflow answer the same.", ["/graphql"]),
        ("There is no prompt lab.", "Create a run with runs/create and log to it.", ["/ajax-api/2.0/mlflow/runs/create-promptlab-run"]),
        ("Telemetry of MLflow's pages is not taken.", "Baton sends nobody anything.", ["/ajax-api/3.0/mlflow/ui-telemetry"]),
        ("There are no users and permissions yet.", "Access control comes in a later version: until then Baton listens on this machine only, and everybody on it is its user.",
            [.. Mlflow("2.0", "users"), .. Mlflow("3.0", "users"), .. Mlflow("2.0", "experiments/permissions"), .. Mlflow("2.0", "registered-models/permissions"), .. Mlflow("3.0", "roles"), "/signup"]),
    ];

    public static void MapRefused(this IEndpointRouteBuilder routes)
    {
        foreach (var (what, instead, paths) in Refused)
        {
            foreach (var path in paths)
            {
                foreach (var pattern in (ReadOnlySpan<string>)[path, path + "/{**rest}"])
                {
                    routes.MapMethods(pattern, Verbs, void () => throw new Refusal(ProblemCode.NotImplemented, $"{what} {instead}")).Requires(Permission.Anyone);
                }
            }
        }
    }

    /// <summary>Whether a path is one of MLflow's that carries no version.</summary>
    public static bool IsUnversioned(PathString path) =>
        path.StartsWithSegments("/v1/traces") || path.StartsWithSegments("/graphql") || path.StartsWithSegments("/gateway") || path.StartsWithSegments("/signup");

    private static string[] Mlflow(string version, string path) => [$"/api/{version}/mlflow/{path}", $"/ajax-api/{version}/mlflow/{path}"];
}
