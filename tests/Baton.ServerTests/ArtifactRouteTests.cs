using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.ServerTests;

public sealed class ArtifactRouteTests
{
    private const string Proxy = "api/2.0/mlflow-artifacts/artifacts";

    [Theory, EachDatabase]
    public async Task Files_and_folders_are_deleted_and_what_is_missing_is_no_error(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var path in (string[])["1/r/a/x", "1/r/a/y/z", "1/r/ab", "1/r/a+b c"])
            Assert.Equal("{}", await SendAsync(server, HttpMethod.Put, path, "x"));

        Assert.Equal("x", await server.Http.GetStringAsync($"{Proxy}/1/r/a+b%20c"));
        Assert.Equal("{}", await SendAsync(server, HttpMethod.Delete, "1/r/a"));
        Assert.Equal("{}", await SendAsync(server, HttpMethod.Delete, "1/r/never"));
        Assert.Equal(["a+b c", "ab"], await NamesAsync(server, "1/r"));
        Assert.Equal("{}", await SendAsync(server, HttpMethod.Delete, "1/r/ab"));
        Assert.Equal(["a+b c"], await NamesAsync(server, "1/r"));
        Assert.Contains("INVALID_PARAMETER_VALUE", await SendAsync(server, HttpMethod.Delete, "sealed/x"), StringComparison.Ordinal);
        Assert.Contains("INVALID_PARAMETER_VALUE", await SendAsync(server, HttpMethod.Delete, ""), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task No_file_comes_to_stand_below_a_file_or_where_a_folder_is_however_many_try(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await SendAsync(server, HttpMethod.Put, "1/r/a/b", "x");
        Assert.Contains("'1/r/a' is a folder", await SendAsync(server, HttpMethod.Put, "1/r/a", "x"), StringComparison.Ordinal);
        Assert.Contains("would be below '1/r/a/b', which is a file", await SendAsync(server, HttpMethod.Put, "1/r/a/b/c/d", "x"), StringComparison.Ordinal);
        Assert.Equal("{}", await SendAsync(server, HttpMethod.Put, "1/r/a/b", "other"));

        var paths = Enumerable.Range(0, 20).Select(i => $"1/race{i}").SelectMany(root => (string[])[root, root + "/x"]).ToList();
        var answers = await Task.WhenAll(paths.Select(path => SendAsync(server, HttpMethod.Put, path, "x")));
        for (var pair = 0; pair < 20; pair++)
            Assert.Single(answers[(2 * pair)..((2 * pair) + 2)], "{}");
    }

    [Theory, EachDatabase]
    public async Task A_download_says_when_it_changed_and_heeds_conditions(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await SendAsync(server, HttpMethod.Put, "1/r/page.html", "<script>0123456789</script>");
        using var whole = await GetAsync(server, "1/r/page.html");
        var (tag, modified) = (whole.Headers.ETag!, whole.Content.Headers.LastModified!.Value);
        Assert.Equal(
            ("text/plain", "attachment", "page.html", "nosniff", 27L),
            (whole.Content.Headers.ContentType!.MediaType, whole.Content.Headers.ContentDisposition!.DispositionType,
             whole.Content.Headers.ContentDisposition.FileName, whole.Headers.GetValues("X-Content-Type-Options").Single(), whole.Content.Headers.ContentLength));

        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(r => r.Headers.IfNoneMatch.Add(tag)));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(r => r.Headers.TryAddWithoutValidation("If-None-Match", $"\"x\", W/{tag}")));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(r => r.Headers.IfModifiedSince = modified));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(r => r.Headers.IfModifiedSince = modified.AddSeconds(-1)));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(r => (r.Headers.Range, r.Headers.IfRange) = (new(0, 3), new RangeConditionHeaderValue(tag))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(r => (r.Headers.Range, r.Headers.IfRange) = (new(0, 3), new RangeConditionHeaderValue("\"old\""))));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(r => r.Headers.Range = new(null, 5)));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, await StatusAsync(r => r.Headers.Range = new(27, null)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(r => r.Headers.TryAddWithoutValidation("Range", "bytes=0-1,5-6")));

        using var head = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{Proxy}/1/r/page.html"));
        Assert.Equal((HttpStatusCode.OK, 27L), (head.StatusCode, head.Content.Headers.ContentLength));
        using var folder = await GetAsync(server, "1/r");
        Assert.Equal(HttpStatusCode.NotFound, folder.StatusCode);

        async Task<HttpStatusCode> StatusAsync(Action<HttpRequestMessage> with)
        {
            using var answer = await GetAsync(server, "1/r/page.html", with);
            return answer.StatusCode;
        }
    }

    [Theory, EachDatabase]
    public async Task The_routes_of_the_pages_serve_list_and_take_small_files(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var run = await server.NewRunAsync();
        using var put = await server.Http.PostAsync($"ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=d/a.txt", new StringContent("hello"));
        Assert.Equal((HttpStatusCode.OK, "", "application/json"), (put.StatusCode, await put.Content.ReadAsStringAsync(), put.Content.Headers.ContentType!.MediaType));
        Assert.Equal("hello", await server.Http.GetStringAsync($"get-artifact?run_uuid={run}&path=d/a.txt"));
        var (_, listed) = await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={run}&path=d");
        Assert.Equal("""[{"path":"d/a.txt","is_dir":false,"file_size":5}]""", listed["files"]!.ToJsonString());
        var (_, none) = await server.MlflowAsync(HttpMethod.Get, $"artifacts/list?run_id={run}&path=d/a.txt");
        Assert.Equal(["root_uri"], none.AsObject().Select(p => p.Key));

        Assert.Contains("Request must specify run_uuid.", await UploadAsync("?path=x", "x"), StringComparison.Ordinal);
        Assert.Contains("Request must specify path.", await UploadAsync($"?run_uuid={run}", "x"), StringComparison.Ordinal);
        Assert.Contains("Request must specify data.", await UploadAsync($"?run_uuid={run}&path=x", ""), StringComparison.Ordinal);
        Assert.Equal("", await UploadAsync($"?run_uuid={run}&path=full", new string('x', 10 * 1024 * 1024)));
        Assert.Contains("Artifact size is too large. Max size is 10MB.", await UploadAsync($"?run_uuid={run}&path=x", new string('x', (10 * 1024 * 1024) + 1)), StringComparison.Ordinal);
        using var missing = await server.Http.GetAsync($"get-artifact?run_id={run}&path=d");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("RESOURCE_DOES_NOT_EXIST", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task<string> UploadAsync(string query, string text)
        {
            using var answer = await server.Http.PostAsync("ajax-api/2.0/mlflow/upload-artifact" + query, new StringContent(text));
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Theory, EachDatabase]
    public async Task A_file_of_a_version_is_the_sealed_one(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.RegisterAsync("m", ("d/model.onnx", "sealed bytes"));
        Assert.Equal("sealed bytes", await server.Http.GetStringAsync("model-versions/get-artifact?name=m&version=1&path=d/model.onnx"));
        foreach (var query in (string[])["name=m&version=1&path=d", "name=m&version=2&path=d/model.onnx"])
        {
            using var missing = await server.Http.GetAsync("model-versions/get-artifact?" + query);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            Assert.Contains("RESOURCE_DOES_NOT_EXIST", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory, EachDatabase]
    public async Task Presigned_addresses_are_refused_so_that_clients_fall_back(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var presigned = await server.Http.GetAsync("api/2.0/mlflow-artifacts/presigned/1/r/x");
        Assert.Equal(HttpStatusCode.NotImplemented, presigned.StatusCode);
        var error = JsonNode.Parse(await presigned.Content.ReadAsStringAsync())!;
        Assert.Equal("NOT_IMPLEMENTED", error["error_code"]!.GetValue<string>());
        Assert.StartsWith("Multipart download is not supported", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var (status, body) = await server.MlflowAsync(HttpMethod.Post, "artifacts/presigned-upload-url", new { run_id = await server.NewRunAsync(), path = "x" });
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, body["error_code"]!.GetValue<string>()));
    }

    [Theory, EachDatabase]
    public async Task A_file_is_put_in_parts_at_once_as_the_client_of_MLflow_does(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var bytes = new byte[2_500_000];
        new Random(4).NextBytes(bytes);
        var created = await PostAsync(server, "create/1/r/model", new { path = "weights.bin", num_parts = 3 });
        var credentials = created["credentials"]!.AsArray();
        var upload = created["upload_id"]!.GetValue<string>();
        var parts = await Task.WhenAll(credentials.Reverse().Select(async credential =>
        {
            var number = credential!["part_number"]!.GetValue<int>();
            using var answer = await server.Http.PutAsync(
                credential["url"]!.GetValue<string>(), new ByteArrayContent(bytes[((number - 1) * 1_000_000)..Math.Min(number * 1_000_000, bytes.Length)]));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return new { part_number = number, etag = answer.Headers.ETag!.Tag, url = credential["url"]!.GetValue<string>() };
        }));

        Assert.Contains("expected each of 1 to 3", (await PostAsync(server, "complete/1/r/model", new { path = "weights.bin", upload_id = upload, parts = parts[..2] }))["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var forged = parts.Select(p => p with { etag = "\"forged\"" });
        Assert.Contains("forged", (await PostAsync(server, "complete/1/r/model", new { path = "weights.bin", upload_id = upload, parts = forged }))["message"]!.GetValue<string>(), StringComparison.Ordinal);
        for (var again = 0; again < 2; again++)
            Assert.Equal("{}", (await PostAsync(server, "complete/1/r/model", new { path = "weights.bin", upload_id = upload, parts })).ToJsonString());
        Assert.Equal(bytes, await server.Http.GetByteArrayAsync($"{Proxy}/1/r/model/weights.bin"));

        var dropped = (await PostAsync(server, "create/1/r", new { path = "x", num_parts = 1 }))["upload_id"]!.GetValue<string>();
        Assert.Equal("{}", (await PostAsync(server, "abort/1/r", new { path = "x", upload_id = dropped })).ToJsonString());
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", (await PostAsync(server, "abort/1/r", new { path = "x", upload_id = dropped }))["error_code"]!.GetValue<string>());
        Assert.Equal("INVALID_PARAMETER_VALUE", (await PostAsync(server, "create/1/r", new { path = "../x", num_parts = 1 }))["error_code"]!.GetValue<string>());
        Assert.Equal("INVALID_PARAMETER_VALUE", (await PostAsync(server, "create/1/r", new { path = "x", num_parts = 0 }))["error_code"]!.GetValue<string>());
    }

    private static async Task<JsonNode> PostAsync(TestServer server, string route, object body)
    {
        using var answer = await server.Http.PostAsync(
            "api/2.0/mlflow-artifacts/mpu/" + route, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string path, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Proxy}/{path}");
        with?.Invoke(request);
        return await server.Http.SendAsync(request);
    }

    private static async Task<string> SendAsync(TestServer server, HttpMethod method, string path, string? text = null)
    {
        using var request = new HttpRequestMessage(method, $"{Proxy}/{path}") { Content = text is null ? null : new StringContent(text) };
        using var answer = await server.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<IEnumerable<string>> NamesAsync(TestServer server, string folder) =>
        JsonNode.Parse(await server.Http.GetStringAsync($"{Proxy}?path={folder}"))!["files"]!.AsArray().Select(f => f!["path"]!.GetValue<string>());
}
