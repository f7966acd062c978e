namespace Baton.Client;

public sealed partial class BatonClient
{
    private const string Mlflow = "api/2.0/mlflow/";

    /// <summary>The experiment of a name, made where it does not exist.</summary>
    public async Task<Experiment> GetOrCreateExperimentAsync(string name, CancellationToken cancel = default)
    {
        if (await FindExperimentAsync(name, cancel).ConfigureAwait(false) is { } existing)
            return existing;
        try
        {
            await PostAsync(Mlflow + "experiments/create", new { name }, cancel).ConfigureAwait(false);
        }
        catch (BatonApiException e) when (e.Code == MlflowErrors.AlreadyExists)
        {
            // Somebody made it in between.
        }
        return await FindExperimentAsync(name, cancel).ConfigureAwait(false)
            ?? throw new BatonApiException(System.Net.HttpStatusCode.NotFound, MlflowErrors.DoesNotExist, $"The experiment '{name}' was created and is gone.");
    }

    /// <summary>The experiment of a name; null where there is none.</summary>
    public async Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancel = default)
    {
        try
        {
            var answer = await GetAsync<ExperimentAnswer>(Query(Mlflow + "experiments/get-by-name", ("experiment_name", name)), cancel).ConfigureAwait(false);
            return answer.Experiment;
        }
        catch (BatonApiException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <summary>Starts a run.</summary>
    /// <param name="experiment">Experiment id.</param>
    /// <param name="name">Name of the run.</param>
    /// <param name="tags">Tags to begin with.</param>
    /// <param name="cancel">Stops the call.</param>
    public async Task<Run> CreateRunAsync(string experiment, string name, IReadOnlyList<KeyValue> tags, CancellationToken cancel = default)
    {
        var body = new { experiment_id = experiment, run_name = name, start_time = _time.GetUtcNow().ToUnixTimeMilliseconds(), tags };
        return (await PostAsync<RunAnswer>(Mlflow + "runs/create", body, cancel).ConfigureAwait(false)).Run;
    }

    /// <summary>A run.</summary>
    public async Task<Run> GetRunAsync(string run, CancellationToken cancel = default) =>
        (await GetAsync<RunAnswer>(Query(Mlflow + "runs/get", ("run_id", run)), cancel).ConfigureAwait(false)).Run;

    /// <summary>Ends a run.</summary>
    /// <param name="run">Run id.</param>
    /// <param name="status"><c>FINISHED</c>, <c>FAILED</c> or <c>KILLED</c>.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task EndRunAsync(string run, string status = "FINISHED", CancellationToken cancel = default) =>
        PostAsync(Mlflow + "runs/update", new { run_id = run, status, end_time = _time.GetUtcNow().ToUnixTimeMilliseconds() }, cancel);

    /// <summary>Logs metrics, params and tags in one batch: at most 1000 metrics, 100 params, 100 tags.</summary>
    public Task LogBatchAsync(
        string run,
        IReadOnlyList<Metric>? metrics = null,
        IReadOnlyList<KeyValue>? @params = null,
        IReadOnlyList<KeyValue>? tags = null,
        CancellationToken cancel = default) =>
        PostAsync(Mlflow + "runs/log-batch", new { run_id = run, metrics = metrics ?? [], @params = @params ?? [], tags = tags ?? [] }, cancel);

    /// <summary>Logs the datasets that went into a run.</summary>
    public Task LogInputsAsync(string run, IReadOnlyList<DatasetInput> datasets, CancellationToken cancel = default) =>
        PostAsync(Mlflow + "runs/log-inputs", new { run_id = run, datasets }, cancel);

    /// <summary>Sets a tag of a run.</summary>
    public Task SetTagAsync(string run, string key, string value, CancellationToken cancel = default) =>
        PostAsync(Mlflow + "runs/set-tag", new { run_id = run, key, value }, cancel);

    private sealed record ExperimentAnswer(Experiment Experiment);

    private sealed record RunAnswer(Run Run);
}

/// <summary>MLflow's error codes that callers decide on.</summary>
public static class MlflowErrors
{
    /// <summary>The name is taken.</summary>
    public const string AlreadyExists = "RESOURCE_ALREADY_EXISTS";

    /// <summary>There is no such thing.</summary>
    public const string DoesNotExist = "RESOURCE_DOES_NOT_EXIST";
}
