using System.Text.Json.Nodes;

namespace Baton.ServerTests.Mlflow.Modelled;

/// <summary>A request of a random sequence. Runs and experiments that the sequence makes are named in order: <c>run0</c>, <c>900000</c> (an id no server has).</summary>
internal sealed record ApiCall(string Verb, string Route, JsonObject Arguments, SearchFilter? Filter = null)
{
    public string this[string name] => Arguments[name]?.GetValue<string>() ?? "";

    public override string ToString() => $"{Verb} {Route} {Arguments.ToJsonString()}";
}

/// <summary>What a server or the model answered, in one spelling: volatile fields left out, ids by name, order only where it is promised.</summary>
internal sealed record ApiAnswer(int Status, string Text)
{
    public static ApiAnswer Done { get; } = Ok(new JsonObject());

    public static ApiAnswer Ok(JsonNode body) => new(200, CanonicalJson.Of(body));

    public static ApiAnswer Invalid { get; } = new(400, "INVALID_PARAMETER_VALUE");

    public static ApiAnswer Exists { get; } = new(400, "RESOURCE_ALREADY_EXISTS");

    public static ApiAnswer Conflict { get; } = new(409, "RESOURCE_CONFLICT");

    public static ApiAnswer Missing { get; } = new(404, "RESOURCE_DOES_NOT_EXIST");
}
