using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests.Mlflow;

/// <summary>What MLflow's Python client said to MLflow is said to Baton, in order; the answers are the same.</summary>
public sealed class ReplayTests
{
    /// <summary>Where Baton answers otherwise on purpose: the place in the capture, and why.</summary>
    private static readonly IReadOnlyDictionary<(string Call, string Place), string> Better = new Dictionary<(string, string), string>
    {
        [("start_run", "$.run.outputs")] = "A run has its outputs in every answer, empty ones too, as MLflow's own get and search have them.",
        [("async log", "$.run.outputs")] = "As above.",
        [("load_model alias", "$.artifact_uri")] = "A version's files are sealed when it is made, and served from there: what its author writes later is not in it.",
        [("load_model runs:/", "$.message")] = "MLflow's message tells a path of the server's own disk; ours tells the artifact's path.",
    };

    [Theory, EachDatabase]
    public async Task Every_captured_exchange_is_answered_as_MLflow_did(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var likeness = new CapturedLikeness();
        var (different, excused) = (new List<string>(), new HashSet<(string, string)>());
        foreach (var exchange in CapturedExchange.OfThePythonClient())
        {
            var path = likeness.Fill(exchange.Path);
            using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), path.TrimStart('/')) { Content = ContentOf(exchange, likeness) };
            request.Headers.UserAgent.ParseAdd("mlflow-python-client/3.11.2");
            using var response = await server.Http.SendAsync(request);
            var said = $"{exchange.Call}: {exchange.Method} {path}";
            if ((int)response.StatusCode != exchange.Status)
                Assert.Fail($"{said}\ncaptured status {exchange.Status}, answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}\n{string.Join('\n', different)}");
            if (exchange.File is { } type)
            {
                Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
                continue;
            }

            foreach (var difference in likeness.Compare(exchange.Answer!, JsonNode.Parse(await response.Content.ReadAsStringAsync())))
            {
                var known = (exchange.Call, difference.Split(':')[0]);
                if (Better.ContainsKey(known))
                    excused.Add(known);
                else
                    different.Add($"{said}\n  {difference}");
            }
        }

        Assert.True(different.Count == 0, string.Join("\n", different));
        Assert.Equal(Better.Keys.ToHashSet(), excused);
    }

    [Fact]
    public void The_comparison_sees_a_difference()
    {
        static IReadOnlyList<string> Compare(string captured, string answered) => new CapturedLikeness().Compare(JsonNode.Parse(captured)!, JsonNode.Parse(answered));
        Assert.Empty(Compare("""{"a":1.0,"run":"<run1>","…":true}""", """{"a":1,"run":"0123456789abcdef0123456789abcdef","b":2}"""));
        Assert.Empty(Compare("""[{"key":"b"},{"key":"a"}]""", """[{"key":"a"},{"key":"b"}]"""));
        Assert.Single(Compare("""{"a":1}""", """{"a":1,"b":2}"""));
        Assert.Single(Compare("""{"a":1}""", """{}"""));
        Assert.Single(Compare("""{"a":"1"}""", """{"a":1}"""));
        Assert.Single(Compare("""["x","…"]""", """["y"]"""));
        Assert.Single(Compare("""{"run":"<run1>","again":"x/<run1>"}""", """{"run":"0123456789abcdef0123456789abcdef","again":"x/1123456789abcdef0123456789abcdef"}"""));
        Assert.Single(Compare("""{"name":"r","time":"<time1>"}""", """{"name":"r","time":12}"""));
    }

    private static HttpContent? ContentOf(CapturedExchange exchange, CapturedLikeness likeness)
    {
        if (exchange.Body is { } body)
            return new StringContent(likeness.Fill(body.ToJsonString(Plain)), Encoding.UTF8, "application/json");
        if (exchange.Upload is not { } size)
            return null;
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string('x', size)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(exchange.Type!);
        return content;
    }

    // Placeholders must stay as they are: no \u003C.
    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
