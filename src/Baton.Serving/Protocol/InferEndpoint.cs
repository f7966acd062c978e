using System.Globalization;
using Baton.Inference;
using Baton.Serving.Models;
using Microsoft.AspNetCore.Http;

namespace Baton.Serving.Protocol;

/// <summary><c>POST /v2/models/{endpoint}[/versions/{v}]/infer</c>: on the thread that has the request, from body to answer.</summary>
internal sealed class InferEndpoint(
    ModelEndpoints models, IPredictionSink sink, OpenInferenceOptions options, InferenceMetrics metrics, TimeProvider time)
{
    /// <summary>Answers one request and hands its predictions to the log.</summary>
    public async Task InferAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        ServedModel? model = null;
        try
        {
            model = models.Find(context);
            using var body = await RequestBody.ReadAsync(context.Request, options.MaxBodyBytes);
            ModelSlot slot;
            (model, slot) = Enter(context);
            InferenceRequest request;
            IReadOnlyList<Tensor> outputs;
            try
            {
                request = RequestReader.Read(body.Written.Span, slot.Inputs, slot.Outputs, options.MaxRows);
                outputs = await RunAsync(slot, request, context.RequestAborted);
            }
            finally
            {
                slot.Leave();
            }

            await AnswerAsync(context, model, request, outputs, started);
        }
        catch (Exception e)
        {
            metrics.Record(model?.Version.Endpoint ?? "", model?.Version.Version ?? "", ErrorAnswer.StatusOf(e), 0, TimeSpan.Zero);
            throw;
        }
    }

    private (ServedModel Model, ModelSlot Slot) Enter(HttpContext context)
    {
        while (true)
        {
            var model = models.Find(context);
            if (model.Slot is not { } slot)
                throw models.Unavailable(model);
            if (slot.TryEnter())
                return (model, slot);
            // It was swapped out since the table was read: the table has another by now.
        }
    }

    private static async ValueTask<IReadOnlyList<Tensor>> RunAsync(ModelSlot slot, InferenceRequest request, CancellationToken cancellation)
    {
        try
        {
            return await slot.RunAsync(request.Inputs, cancellation);
        }
        catch (ModelRunException e) when (request.Inputs.Any(i => i.Rows != request.Rows))
        {
            throw new RequestException($"The inputs have different numbers of rows ({string.Join("; ", request.Inputs)}), and the model failed on them: {e.Message}");
        }
    }

    private async Task AnswerAsync(HttpContext context, ServedModel model, InferenceRequest request, IReadOnlyList<Tensor> outputs, long started)
    {
        var now = time.GetUtcNow();
        var ids = request.PredictionIds ?? MakeIds(now, request.Rows);
        using (var answer = new PooledBuffer())
        {
            AnswerWriter.Write(answer, model.Version, request, outputs, ids);
            var latency = time.GetElapsedTime(started);
            await JsonAnswer.SendAsync(context, answer);
            Log(model, request, outputs, ids, now, latency);
        }

        metrics.Record(model.Version.Endpoint, model.Version.Version, StatusCodes.Status200OK, request.Rows, time.GetElapsedTime(started));
    }

    private void Log(ServedModel model, InferenceRequest request, IReadOnlyList<Tensor> outputs, string[] ids, DateTimeOffset now, TimeSpan latency)
    {
        if (request.Rows == 0)
            return;
        var at = (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var times = request.EventTimes;
        if (times is null)
        {
            times = new long[request.Rows];
            Array.Fill(times, at);
        }

        var version = model.Version;
        sink.TryAppend(new PredictionBatch
        {
            Project = version.Project,
            Endpoint = version.Endpoint,
            Arm = version.Arm,
            Version = version.Version,
            PackageDigest = version.PackageDigest,
            Ids = ids,
            EventTimes = times,
            Inputs = request.Inputs,
            Outputs = outputs,
            Scores = model.Score?.Of(outputs, request.Rows),
            LatencyUs = (long)latency.TotalMicroseconds,
            Propensity = 1,
            LoggedAt = at,
            Logging = version.Logging,
        });
    }

    private static string[] MakeIds(DateTimeOffset now, int rows)
    {
        var request = Guid.CreateVersion7(now).ToString("N");
        var ids = new string[rows];
        for (var row = 0; row < rows; row++)
            ids[row] = string.Create(CultureInfo.InvariantCulture, $"{request}:{row}");
        return ids;
    }
}
