using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Baton.Inference;
using Baton.Serving.Models;
using Baton.Serving.Protocol;
using Baton.Storage.Tables;
using Baton.Testing;
using Baton.UnitTests.Inference;
using Xunit;

namespace Baton.UnitTests.Serving.Protocol;

/// <summary>Over real HTTP, on the models of the repository.</summary>
public sealed class OpenInferenceTests
{
    private const string Infer = "/v2/models/flight-delay/infer";

    private static readonly string Row =
        """
        {"inputs":[{"name":"hour","shape":[1,1],"datatype":"FP32","data":[9]},{"name":"weekday","shape":[1,1],"datatype":"FP32","data":[4]},
        {"name":"distance","shape":[1,1],"datatype":"FP32","data":[500]},{"name":"origin","shape":[1,1],"datatype":"BYTES","data":["ORD"]},
        {"name":"destination","shape":[1,1],"datatype":"BYTES","data":["LAX"]}]}
        """;

    [Fact]
    public async Task The_champion_answers_every_reference_row_as_the_notebook_did()
    {
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync([ServingHost.Champion()]);
        var table = await ParquetFile.ReadAsync(ServingHost.Champion().ReferenceFile!);
        var expected = table["onnx_score"].AsDoubles();

        for (var start = 0; start < table.Rows; start += 1500)
        {
            var count = Math.Min(1500, table.Rows - start);
            var (status, answer, _) = await host.SendAsync(HttpMethod.Post, Infer, Body(host.Table.Find("flight-delay")!.Slot!.Inputs, table, start, count));

            Assert.Equal(200, status);
            var probabilities = answer.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "probabilities");
            Assert.Equal([count, 2], probabilities.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
            var data = probabilities.GetProperty("data").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            for (var row = 0; row < count; row++)
                Assert.Equal(expected[start + row], data[row * 2 + 1], 1e-6);
        }

        var logged = (await host.LoggedAsync(8)).SelectMany(b => b.Scores!).ToArray();
        Assert.Equal(expected.Length, logged.Length);
        Assert.All(expected.Zip(logged), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public async Task A_prediction_is_handed_to_the_log_with_all_that_is_known_of_it()
    {
        await using var host = await ServingHost.StartAsync();
        var version = ServingHost.Champion() with { Logging = new LoggingPolicy(0.5, ["origin"]) };
        await host.Table.ApplyAsync([version]);
        var body = Row.Insert(Row.IndexOf('[', StringComparison.Ordinal) + 1,
            """{"name":"baton.id","shape":[1],"datatype":"BYTES","data":["f-1"]},{"name":"baton.time","shape":[1,1],"datatype":"INT64","data":[982195200000000]},""");

        var (status, answer, _) = await host.SendAsync(HttpMethod.Post, Infer, body);

        Assert.Equal(200, status);
        Assert.Equal("""{"name":"baton.id","datatype":"BYTES","shape":[1],"data":["f-1"]}""", answer.GetProperty("outputs").EnumerateArray().Last().GetRawText());
        var batch = Assert.Single(await host.LoggedAsync(1));
        Assert.Equal(("default", "flight-delay", "champion", "1", "sha256:1", 1.0), (batch.Project, batch.Endpoint, batch.Arm, batch.Version, batch.PackageDigest, batch.Propensity));
        Assert.Equal(["f-1"], batch.Ids);
        Assert.Equal([982195200000000], batch.EventTimes);
        Assert.Equal(["hour", "weekday", "distance", "origin", "destination"], batch.Inputs.Select(i => i.Name));
        Assert.Equal(["label", "probabilities"], batch.Outputs.Select(o => o.Name));
        Assert.Equal(batch.Outputs[1].ColumnAsDoubles(1), batch.Scores!);
        Assert.InRange(batch.LatencyUs, 1, 60_000_000);
        Assert.InRange(DateTimeOffset.UnixEpoch.AddMicroseconds(batch.LoggedAt), DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Same(version.Logging, batch.Logging);
    }

    [Fact]
    public async Task Without_ids_and_times_they_are_made()
    {
        await using var host = await ServingHost.StartAsync();
        using var folder = new TempDirectory();
        await host.Table.ApplyAsync([ServingHost.Made(ServingHost.Adding(1), folder)]);

        var (_, answer, _) = await host.SendAsync(HttpMethod.Post, "/v2/models/made/infer", """{"id":"7","inputs":[{"name":"x","shape":[2,1],"datatype":"FP32","data":[1,2]}]}""");

        var batch = Assert.Single(await host.LoggedAsync(1));
        Assert.Equal("7", answer.GetProperty("id").GetString());
        Assert.Equal(batch.Ids, answer.GetProperty("outputs")[1].GetProperty("data").EnumerateArray().Select(v => v.GetString()!));
        var request = batch.Ids[0][..32];
        Assert.Equal([request + ":0", request + ":1"], batch.Ids);
        Assert.Equal(7, Guid.ParseExact(request, "N").Version);
        Assert.Equal([batch.LoggedAt, batch.LoggedAt], batch.EventTimes);
        Assert.Null(batch.Scores);
    }

    [Fact]
    public async Task Metadata_health_and_readiness_are_told()
    {
        await using var host = await ServingHost.StartAsync();
        Assert.Equal(503, (await host.SendAsync(HttpMethod.Get, "/v2/health/ready")).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/v2/health/live")).Status);
        await host.Table.ApplyAsync([ServingHost.Champion(version: "4")]);

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/v2/health/ready")).Status);
        Assert.Equal("baton", (await host.SendAsync(HttpMethod.Get, "/v2")).Answer.GetProperty("name").GetString());
        foreach (var path in (string[])["/v2/models/flight-delay", "/v2/models/flight-delay/versions/4"])
        {
            var model = (await host.SendAsync(HttpMethod.Get, path)).Answer;
            Assert.Equal("""["4"]""", model.GetProperty("versions").GetRawText());
            Assert.Equal("onnx_onnxv1", model.GetProperty("platform").GetString());
            Assert.Equal("""{"name":"hour","datatype":"FP32","shape":[-1,1]}""", model.GetProperty("inputs")[0].GetRawText());
            Assert.Equal(["label", "probabilities", "baton.id"], model.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()));
            Assert.True((await host.SendAsync(HttpMethod.Get, path + "/ready")).Answer.GetProperty("ready").GetBoolean());
            Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, path + "/infer", Row)).Status);
        }
    }

    [Theory]
    [InlineData("GET", "/v2/models/nobody", 404, "This node has no endpoint 'nobody'; it has flight-delay.")]
    [InlineData("POST", "/v2/models/nobody/infer", 404, "This node has no endpoint 'nobody'; it has flight-delay.")]
    [InlineData("POST", "/v2/models/flight-delay/versions/9/infer", 404, "Endpoint 'flight-delay' does not serve version '9'; it serves 1.")]
    [InlineData("GET", "/v2/models/flight-delay/infer", 405, "takes POST, and GET came")]
    [InlineData("DELETE", "/v2/models/flight-delay", 405, "takes GET, and DELETE came")]
    [InlineData("GET", "/v2/nothing", 404, "There is no GET /v2/nothing; there are GET /v2")]
    [InlineData("POST", "/v2/models/flight-delay/infer", 400, "not the JSON expected")]
    public async Task An_error_is_an_object_with_its_text(string method, string path, int expected, string text)
    {
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync([ServingHost.Champion()]);

        var (status, answer, response) = await host.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "");

        Assert.Equal(expected, status);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(text, Assert.Single(answer.EnumerateObject(), m => m.Name == "error").Value.GetString(), StringComparison.Ordinal);
        Assert.Empty(host.Logged);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_with_and_without_its_length()
    {
        await using var host = await ServingHost.StartAsync(new OpenInferenceOptions { MaxBodyBytes = 2000 });
        await host.Table.ApplyAsync([ServingHost.Champion()]);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, Infer, Row)).Status);

        var (status, answer, _) = await host.SendAsync(HttpMethod.Post, Infer, Row + new string(' ', 2000));
        Assert.Equal((413, true), (status, answer.GetProperty("error").GetString()!.Contains("2,000 bytes", StringComparison.Ordinal)));

        using var chunked = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new StreamContent(new Unending(100_000)) };
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.Client.SendAsync(chunked)).StatusCode);
    }

    [Theory]
    [InlineData("Content-Encoding", "gzip", 415, "send it plain")]
    [InlineData("Inference-Header-Content-Length", "10", 400, "binary_data=False")]
    public async Task A_form_of_body_that_is_not_spoken_is_refused(string header, string value, int expected, string text)
    {
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync([ServingHost.Champion()]);
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Row)) };
        if (!request.Headers.TryAddWithoutValidation(header, value))
            request.Content.Headers.TryAddWithoutValidation(header, value);

        var response = await host.Client.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inputs_of_different_lengths_that_the_model_fails_on_are_the_callers_fault()
    {
        await using var host = await ServingHost.StartAsync();
        await host.Table.ApplyAsync([ServingHost.Champion()]);
        var uneven = Row.Replace(""""hour","shape":[1,1],"datatype":"FP32","data":[9]"""", """"hour","shape":[3,1],"datatype":"FP32","data":[9,8,7]"""", StringComparison.Ordinal);

        var (status, answer, _) = await host.SendAsync(HttpMethod.Post, Infer, uneven);

        Assert.Equal(400, status);
        Assert.Contains("different numbers of rows (hour FP32 [3, 1]; weekday FP32 [1, 1]", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "FP32", "[0.5,NaN]")]
    [InlineData(2, "UINT8", "[1,2]")]
    [InlineData(3, "INT8", "[-1,2]")]
    [InlineData(4, "UINT16", "[1,2]")]
    [InlineData(5, "INT16", "[-1,2]")]
    [InlineData(6, "INT32", "[-1,2]")]
    [InlineData(7, "INT64", "[-9223372036854775808,9223372036854775807]")]
    [InlineData(8, "BYTES", "[\"a\\u0000é\",\"\"]")]
    [InlineData(9, "BOOL", "[true,false]")]
    [InlineData(10, "FP16", "[0.1,-65500]")]
    [InlineData(11, "FP64", "[0.1,1.7976931348623157E+308]")]
    [InlineData(12, "UINT32", "[1,4294967295]")]
    [InlineData(13, "UINT64", "[1,18446744073709551615]")]
    public async Task Every_datatype_goes_through_a_model_and_comes_back(int onnxType, string datatype, string data)
    {
        await using var host = await ServingHost.StartAsync();
        using var folder = new TempDirectory();
        await host.Table.ApplyAsync([ServingHost.Made(TestModels.Identity(onnxType, -1), folder)]);

        var response = await host.Client.PostAsync(
            new Uri("/v2/models/made/infer", UriKind.Relative), new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[2],"datatype":"{{datatype}}","data":{{data}}}]}""")));

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Contains($$"""{"name":"y","datatype":"{{datatype}}","shape":[2],"data":{{data}}}""", text, StringComparison.Ordinal);
    }

    private static string Body(IReadOnlyList<TensorSpec> inputs, Table table, int start, int count)
    {
        var parts = inputs.Select(input =>
        {
            var values = table[input.Name].Values is string[] texts
                ? texts.Skip(start).Take(count).Select(t => JsonSerializer.Serialize(t))
                : ((float[])table[input.Name].Values).Skip(start).Take(count).Select(v => v.ToString("R", CultureInfo.InvariantCulture));
            return $$"""{"name":"{{input.Name}}","shape":[{{count}},1],"datatype":"{{input.Datatype}}","data":[{{string.Join(',', values)}}]}""";
        });
        return $$"""{"inputs":[{{string.Join(',', parts)}}]}""";
    }

    private sealed class Unending(int length) : Stream
    {
        private int _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var given = Math.Min(count, _left);
            buffer.AsSpan(offset, given).Fill((byte)' ');
            _left -= given;
            return given;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
