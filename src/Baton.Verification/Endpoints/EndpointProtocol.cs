namespace Baton.Verification.Endpoints;

/// <summary>What an endpoint speaks over HTTP.</summary>
public enum EndpointProtocol
{
    /// <summary>Open Inference Protocol, REST: <c>POST /v2/models/NAME/infer</c>.</summary>
    OpenInference,

    /// <summary>TensorFlow Serving, REST: <c>POST /v1/models/NAME:predict</c>.</summary>
    TensorFlowServing,

    /// <summary>TorchServe: <c>POST /predictions/NAME</c>.</summary>
    TorchServe,

    /// <summary>MLflow's scoring server: <c>POST /invocations</c>.</summary>
    Mlflow,
}

/// <summary>Addresses and names of the protocols.</summary>
public static class EndpointProtocols
{
    /// <summary>The protocols by the names that people give.</summary>
    public static IReadOnlyDictionary<string, EndpointProtocol> Named { get; } = new Dictionary<string, EndpointProtocol>(StringComparer.Ordinal)
    {
        ["oip"] = EndpointProtocol.OpenInference,
        ["tfserving"] = EndpointProtocol.TensorFlowServing,
        ["torchserve"] = EndpointProtocol.TorchServe,
        ["mlflow"] = EndpointProtocol.Mlflow,
    };

    /// <summary>The protocol that an address shows; null where it shows none.</summary>
    public static EndpointProtocol? Guess(Uri address) => address.AbsolutePath switch
    {
        var path when path.StartsWith("/v2/models/", StringComparison.Ordinal) => EndpointProtocol.OpenInference,
        var path when path.StartsWith("/v1/models/", StringComparison.Ordinal) => EndpointProtocol.TensorFlowServing,
        var path when path.Contains("/predictions/", StringComparison.Ordinal) => EndpointProtocol.TorchServe,
        var path when path.EndsWith("/invocations", StringComparison.Ordinal) => EndpointProtocol.Mlflow,
        _ => null,
    };

    /// <summary>Where requests go: the model's address completed with what the protocol puts after it.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="address">The address of the model, or already that of its requests.</param>
    public static Uri Requests(EndpointProtocol protocol, Uri address)
    {
        var text = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return protocol switch
        {
            EndpointProtocol.OpenInference when !text.EndsWith("/infer", StringComparison.Ordinal) => new Uri($"{text}/infer{address.Query}"),
            EndpointProtocol.TensorFlowServing when !text.EndsWith(":predict", StringComparison.Ordinal) => new Uri($"{text}:predict{address.Query}"),
            EndpointProtocol.Mlflow when address.AbsolutePath == "/" => new Uri($"{text}/invocations{address.Query}"),
            _ => address,
        };
    }
}
