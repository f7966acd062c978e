using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Testing;

namespace Baton.ServerTests.Mlflow;

/// <summary>
/// One exchange between a client and MLflow, as it was on the wire. Ids, server times and names that a server chooses stand as <c>&lt;run1&gt;</c>,
/// <c>&lt;time2&gt;</c>; what the capture cut off stands as "…".
/// </summary>
/// <param name="Call">The call of the client's API.</param>
/// <param name="Method">HTTP's verb.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="Body">JSON sent.</param>
/// <param name="Upload">Bytes sent.</param>
/// <param name="Type">Their media type.</param>
/// <param name="Answer">JSON answered.</param>
/// <param name="File">Media type of the file answered.</param>
/// <param name="Added">Why it stands here though the capture does not show it.</param>
internal sealed record CapturedExchange(
    string Call, string Method, string Path, int Status, JsonNode? Body, int? Upload, string? Type, JsonNode? Answer, string? File, string? Added)
{
    /// <summary>The Python client 3.11 against MLflow 3.11, in the order it spoke.</summary>
    public static IReadOnlyList<CapturedExchange> OfThePythonClient() => JsonSerializer.Deserialize<List<CapturedExchange>>(
        System.IO.File.ReadAllText(System.IO.Path.Combine(Repository.Root, "tests", "Baton.ServerTests", "Mlflow", "captured-python-client.json")),
        JsonSerializerOptions.Web)!;
}
