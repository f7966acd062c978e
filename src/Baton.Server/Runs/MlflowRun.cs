using System.Globalization;
using System.Text.Json;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Runs;

/// <summary>A run as MLflow's clients read it, written straight into the answer.</summary>
internal static class MlflowRun
{
    /// <summary>The answer <c>{"run": …}</c>.</summary>
    public static IResult Answer(Run run) => MlflowAnswer.Write(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("run"u8);
        Write(json, run);
        json.WriteEndObject();
    });

    /// <summary>Writes <c>{"info": …, "data": …, "inputs": …, "outputs": …}</c>.</summary>
    public static void Write(Utf8JsonWriter json, Run run)
    {
        json.WriteStartObject();
        json.WritePropertyName("info"u8);
        WriteInfo(json, run);
        json.WriteStartObject("data"u8);
        WriteMetrics(json, run.Metrics);
        WritePairs(json, "params"u8, run.Params);
        WritePairs(json, "tags"u8, run.Tags);
        json.WriteEndObject();
        json.WriteStartObject("inputs"u8);
        WriteDatasets(json, run.Inputs);
        if (run.ModelInputs.Count > 0)
        {
            json.WriteStartArray("model_inputs"u8);
            foreach (var model in run.ModelInputs)
            {
                json.WriteStartObject();
                json.WriteString("model_id"u8, model.ModelId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartObject("outputs"u8);
        if (run.ModelOutputs.Count > 0)
        {
            json.WriteStartArray("model_outputs"u8);
            foreach (var model in run.ModelOutputs)
            {
                json.WriteStartObject();
                json.WriteString("model_id"u8, model.ModelId);
                json.WriteNumber("step"u8, model.Step);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes what MLflow calls the run's info.</summary>
    public static void WriteInfo(Utf8JsonWriter json, Run run)
    {
        json.WriteStartObject();
        json.WriteString("run_uuid"u8, run.RunId);
        json.WriteString("experiment_id"u8, run.ExperimentId.ToString(CultureInfo.InvariantCulture));
        json.WriteString("run_name"u8, run.Name);
        json.WriteString("user_id"u8, run.UserId);
        json.WriteString("status"u8, run.Status);
        json.WriteNumber("start_time"u8, run.StartedAt / 1000);
        if (run.EndedAt is { } ended)
            json.WriteNumber("end_time"u8, ended / 1000);
        json.WriteString("artifact_uri"u8, run.ArtifactUri);
        json.WriteString("lifecycle_stage"u8, run.IsActive ? "active" : "deleted");
        json.WriteString("run_id"u8, run.RunId);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of a point; NaN travels as text.</summary>
    public static void WriteMetric(Utf8JsonWriter json, MetricPoint point)
    {
        json.WriteString("key"u8, point.Key);
        if (point.IsNan)
            json.WriteString("value"u8, "NaN"u8);
        else
            json.WriteNumber("value"u8, point.Value);
        json.WriteNumber("timestamp"u8, point.At / 1000);
        json.WriteNumber("step"u8, point.Step);
    }

    private static void WriteMetrics(Utf8JsonWriter json, IReadOnlyList<MetricPoint> points)
    {
        if (points.Count == 0)
            return;
        json.WriteStartArray("metrics"u8);
        foreach (var point in points)
        {
            json.WriteStartObject();
            WriteMetric(json, point);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePairs(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> pairs)
    {
        if (pairs.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("key"u8, key);
            json.WriteString("value"u8, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDatasets(Utf8JsonWriter json, IReadOnlyList<DatasetInput> inputs)
    {
        if (inputs.Count == 0)
            return;
        json.WriteStartArray("dataset_inputs"u8);
        foreach (var input in inputs)
        {
            json.WriteStartObject();
            WritePairs(json, "tags"u8, input.Tags);
            json.WriteStartObject("dataset"u8);
            json.WriteString("name"u8, input.Name);
            json.WriteString("digest"u8, input.Digest);
            json.WriteString("source_type"u8, input.SourceType);
            json.WriteString("source"u8, input.Source);
            if (input.SchemaJson is not null)
                json.WriteString("schema"u8, input.SchemaJson);
            if (input.Profile is not null)
                json.WriteString("profile"u8, input.Profile);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
