namespace Baton.ServerTests.Mlflow;

/// <summary>What a call does when it is sent a second time, after its reply was lost.</summary>
internal enum Again
{
    /// <summary>It answers as before and changes nothing.</summary>
    Same,

    /// <summary>It makes a second one.</summary>
    Doubles,

    /// <summary>It is refused and changes nothing.</summary>
    Refused,
}

/// <summary>A call that writes, with arguments that fit a seeded <see cref="World"/>; <c>$E</c>, <c>$R</c>, <c>$M</c> stand for its experiment, run and logged model.</summary>
/// <param name="Verb">HTTP's verb.</param>
/// <param name="Route">Below <c>/api/2.0/mlflow/</c>.</param>
/// <param name="Body">Arguments.</param>
/// <param name="Again">What a retry does.</param>
/// <param name="Code">With what it is refused.</param>
internal sealed record Call(string Verb, string Route, string Body, Again Again, string Code = "")
{
    /// <summary>Whether it takes an <c>Idempotency-Key</c>: what makes something does.</summary>
    public bool TakesKey => Again is Again.Doubles || Code == "RESOURCE_ALREADY_EXISTS";

    public static IReadOnlyList<Call> All { get; } =
    [
        new("POST", "experiments/create", """{"name":"new","artifact_location":"mlflow-artifacts:/elsewhere","tags":[{"key":"a","value":"b"}]}""", Again.Refused, "RESOURCE_ALREADY_EXISTS"),
        new("POST", "experiments/update", """{"experiment_id":"$E","new_name":"renamed"}""", Again.Same),
        new("POST", "experiments/delete", """{"experiment_id":"$E"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("POST", "experiments/restore", """{"experiment_id":"$E"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("POST", "experiments/set-experiment-tag", """{"experiment_id":"$E","key":"k","value":"v"}""", Again.Same),
        new("POST", "experiments/delete-experiment-tag", """{"experiment_id":"$E","key":"team"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("POST", "runs/create", """{"experiment_id":"$E","user_id":"ada","run_name":"second","start_time":1795446216890,"tags":[{"key":"a","value":"b"}]}""", Again.Doubles),
        new("POST", "runs/update", """{"run_id":"$R","status":"FINISHED","end_time":1795446216999,"run_name":"done"}""", Again.Same),
        new("POST", "runs/delete", """{"run_id":"$R"}""", Again.Same),
        new("POST", "runs/restore", """{"run_id":"$R"}""", Again.Same),
        new("POST", "runs/log-metric", """{"run_id":"$R","key":"m","value":1.5,"timestamp":7,"step":3}""", Again.Same),
        new("POST", "runs/log-parameter", """{"run_id":"$R","key":"p","value":"1"}""", Again.Same),
        new("POST", "runs/set-tag", """{"run_id":"$R","key":"k","value":"v"}""", Again.Same),
        new("POST", "runs/delete-tag", """{"run_id":"$R","key":"note"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("POST", "runs/log-batch", """{"run_id":"$R","metrics":[{"key":"b","value":1.5,"timestamp":7,"step":3}],"params":[{"key":"p","value":"1"}],"tags":[{"key":"k","value":"v"}]}""", Again.Same),
        new("POST", "runs/log-inputs", """{"run_id":"$R","datasets":[{"dataset":{"name":"train","digest":"066351ab","source_type":"local","source":"s","schema":"{}","profile":"{}"},"tags":[{"key":"mlflow.data.context","value":"training"}]}],"models":[{"model_id":"$M"}]}""", Again.Same),
        new("POST", "runs/outputs", """{"run_id":"$R","models":[{"model_id":"$M","step":2}]}""", Again.Doubles),
        new("POST", "runs/log-model", """{"run_id":"$R","model_json":"{\"artifact_path\":\"model\",\"flavors\":{},\"utc_time_created\":\"2026-11-23 15:00:00\",\"run_id\":\"$R\"}"}""", Again.Doubles),
        new("POST", "logged-models", """{"experiment_id":"$E","name":"another","model_type":"t","source_run_id":"$R","params":[{"key":"a","value":"1"}],"tags":[{"key":"x","value":"z"}]}""", Again.Doubles),
        new("PATCH", "logged-models/$M", """{"model_id":"$M","status":"LOGGED_MODEL_READY"}""", Again.Same),
        new("POST", "logged-models/$M/params", """{"model_id":"$M","params":[{"key":"np","value":"1"}]}""", Again.Refused, "BAD_REQUEST"),
        new("PATCH", "logged-models/$M/tags", """{"tags":[{"key":"q","value":"w"}]}""", Again.Same),
        new("POST", "registered-models/create", """{"name":"new","description":"d","tags":[{"key":"a","value":"b"}]}""", Again.Refused, "RESOURCE_ALREADY_EXISTS"),
        new("PATCH", "registered-models/update", """{"name":"a model","description":"d"}""", Again.Same),
        new("POST", "registered-models/rename", """{"name":"a model","new_name":"renamed"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("DELETE", "registered-models/delete", """{"name":"a model"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("POST", "registered-models/set-tag", """{"name":"a model","key":"k","value":"v"}""", Again.Same),
        new("DELETE", "registered-models/delete-tag", """{"name":"a model","key":"team"}""", Again.Same),
        new("POST", "registered-models/alias", """{"name":"a model","alias":"next","version":"2"}""", Again.Same),
        new("DELETE", "registered-models/alias", """{"name":"a model","alias":"champion"}""", Again.Same),
        new("POST", "model-versions/create", """{"name":"a model","source":"runs:/$R/model","run_id":"$R","tags":[{"key":"a","value":"b"}],"run_link":"l","description":"d"}""", Again.Doubles),
        new("PATCH", "model-versions/update", """{"name":"a model","version":"1","description":"d"}""", Again.Same),
        new("POST", "model-versions/transition-stage", """{"name":"a model","version":"1","stage":"Archived","archive_existing_versions":false}""", Again.Same),
        new("DELETE", "model-versions/delete", """{"name":"a model","version":"2"}""", Again.Refused, "RESOURCE_DOES_NOT_EXIST"),
        new("POST", "model-versions/set-tag", """{"name":"a model","version":"1","key":"k","value":"v"}""", Again.Same),
        new("DELETE", "model-versions/delete-tag", """{"name":"a model","version":"1","key":"q"}""", Again.Same),
    ];

    public override string ToString() => $"{Verb} {Route.Replace("$M", "{model_id}", StringComparison.Ordinal)}";

    public string RouteIn(World world) => Fill(Route, world);

    public string BodyIn(World world) => Fill(Body, world);

    /// <summary>Sends it as it stands, after what it needs.</summary>
    public async Task<Answer> SendAsync(World world, string? body = null, string? once = null) => await world.AskAsync(Verb, RouteIn(world), body ?? BodyIn(world), once);

    /// <summary>Brings a seeded world to where the call does something.</summary>
    public async Task PrepareAsync(World world)
    {
        if (Route == "experiments/restore")
            await world.DoneAsync("experiments/delete", new { experiment_id = world.ExperimentId });
        if (Route == "runs/restore")
            await world.DoneAsync("runs/delete", new { run_id = world.RunId });
    }

    private static string Fill(string text, World world) => text
        .Replace("$E", world.ExperimentId, StringComparison.Ordinal)
        .Replace("$R", world.RunId, StringComparison.Ordinal)
        .Replace("$M", world.ModelId, StringComparison.Ordinal);
}
