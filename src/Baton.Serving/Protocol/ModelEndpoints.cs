using System.Text.Json;
using Baton.Inference;
using Baton.Serving.Models;
using Microsoft.AspNetCore.Http;

namespace Baton.Serving.Protocol;

/// <summary>What the protocol asks of one model.</summary>
internal sealed class ModelEndpoints(EndpointTable table, OpenInferenceOptions options)
{
    /// <summary><c>GET /v2/models/{endpoint}[/versions/{v}]</c>.</summary>
    public Task MetadataAsync(HttpContext context)
    {
        var model = Find(context);
        var slot = model.Slot ?? throw Unavailable(model);
        return JsonAnswer.SendAsync(context, json => WriteMetadata(json, model, slot));
    }

    /// <summary><c>GET …/ready</c>.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var model = Find(context);
        if (model.State != EndpointState.Ready)
            throw Unavailable(model);
        return JsonAnswer.SendAsync(context, json =>
        {
            json.WriteString("name", model.Version.Endpoint);
            json.WriteBoolean("ready", true);
        });
    }

    /// <summary>The model that a request's path names, loaded or not.</summary>
    /// <exception cref="RequestException">There is none of that name.</exception>
    public ServedModel Find(HttpContext context)
    {
        var endpoint = (string)context.Request.RouteValues["endpoint"]!;
        var version = (string?)context.Request.RouteValues["version"];
        if (table.Find(endpoint, version) is { } model)
            return model;
        var served = table.Serving(endpoint);
        if (version is not null && served.Count > 0)
        {
            throw new RequestException(
                $"Endpoint '{endpoint}' does not serve version '{version}'; it serves {string.Join(", ", served.Select(m => m.Version.Version))}.",
                StatusCodes.Status404NotFound);
        }

        var names = table.Names;
        throw new RequestException(
            $"This node has no endpoint '{endpoint}'; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}.", StatusCodes.Status404NotFound);
    }

    /// <summary>What is said while a model does not answer.</summary>
    public RequestException Unavailable(ServedModel model) => new(
        $"Endpoint '{model.Version.Endpoint}', version {model.Version.Version}: " + (model.Reason is { } reason ? $"it does not answer: {reason}" : "it is being loaded; ask again soon."),
        StatusCodes.Status503ServiceUnavailable, options.RetryAfter);

    private void WriteMetadata(Utf8JsonWriter json, ServedModel model, ModelSlot slot)
    {
        json.WriteString("name", model.Version.Endpoint);
        json.WriteStartArray("versions");
        foreach (var served in table.Serving(model.Version.Endpoint))
            json.WriteStringValue(served.Version.Version);
        json.WriteEndArray();
        json.WriteString("platform", "onnx_onnxv1");
        AnswerWriter.Write(json, "inputs", slot.Inputs);
        AnswerWriter.Write(json, "outputs", slot.Outputs.Append(new TensorSpec(InferenceRequest.IdName, "BYTES", [-1])));
    }
}
