using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Baton.Inference.Execution;
using Baton.Inference.Format;
using Baton.Serving.Models;
using Baton.Serving.Protocol;
using Baton.Testing;
using Baton.UnitTests.Inference;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baton.UnitTests.Serving;

/// <summary>The protocol on a real port of this machine.</summary>
internal sealed class ServingHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServingHost(WebApplication app, EndpointTable table, RecordedPredictions logged)
    {
        _app = app;
        Table = table;
        Logged = logged.Batches;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public EndpointTable Table { get; }

    public HttpClient Client { get; }

    /// <summary>What was handed to the log.</summary>
    public ConcurrentQueue<PredictionBatch> Logged { get; }

    /// <summary>How the built executable plays a worker.</summary>
    public static ModelProcessOptions Worker => new() { FileName = BatonBinary.Path, Arguments = ["model-process"], CallTimeout = TimeSpan.FromSeconds(20) };

    public static async Task<ServingHost> StartAsync(OpenInferenceOptions? options = null, ModelProcessOptions? worker = null)
    {
        var table = new EndpointTable(new ModelSlotOptions { Worker = worker }, TimeProvider.System, NullLogger<EndpointTable>.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var logged = new RecordedPredictions();
        builder.Services.AddSingleton(table).AddSingleton(options ?? new OpenInferenceOptions()).AddSingleton<IPredictionSink>(logged);
        var app = builder.Build();
        app.MapOpenInference();
        await app.StartAsync();
        return new ServingHost(app, table, logged);
    }

    public static ServedVersion Champion(string endpoint = "flight-delay", string version = "1") => new()
    {
        Project = "default",
        Endpoint = endpoint,
        Model = "flight-delay",
        Version = version,
        PackageDigest = "sha256:" + version,
        PackageDirectory = TestModels.Flights("champion"),
        ModelFile = "model.onnx",
        Verified = true,
        ScoreOutput = "probabilities[1]",
        PredictionOutput = "label",
        ReferenceFile = TestModels.Flights("champion", "test-predictions.parquet"),
    };

    /// <summary>A model that adds a number to its input: y = x + number.</summary>
    public static ModelProto Adding(float number) => new()
    {
        IrVersion = 8,
        Graph = new GraphProto
        {
            Name = "adding",
            Node = { new NodeProto { OpType = "Add", Input = { "x", "number" }, Output = { "y" } } },
            Initializer = { TestModels.Floats("number", number) },
            Input = { TestModels.Value("x", 1, -1, 1) },
            Output = { TestModels.Value("y", 1, -1, 1) },
        },
        OpsetImport = { new OperatorSetIdProto { Version = 16 } },
    };

    /// <summary>A model made here, written into a folder.</summary>
    public static ServedVersion Made(ModelProto model, TempDirectory folder, string version = "1", bool verified = true)
    {
        File.WriteAllBytes(folder.File($"{version}.onnx"), model.ToByteArray());
        return new ServedVersion
        {
            Project = "default",
            Endpoint = "made",
            Model = "made",
            Version = version,
            PackageDigest = "sha256:" + version,
            PackageDirectory = folder.Path,
            ModelFile = $"{version}.onnx",
            Verified = verified,
        };
    }

    /// <summary>One request, with its answer.</summary>
    public async Task<(int Status, JsonElement Answer, HttpResponseMessage Response)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement, response);
    }

    /// <summary>What was handed to the log, once that many batches are there: a batch follows its answer.</summary>
    public async Task<PredictionBatch[]> LoggedAsync(int batches)
    {
        await Wait.UntilAsync(() => Logged.Count >= batches, TimeSpan.FromSeconds(10));
        return [.. Logged];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Table.DisposeAsync();
    }

    private sealed class RecordedPredictions : IPredictionSink
    {
        public ConcurrentQueue<PredictionBatch> Batches { get; } = new();

        public bool TryAppend(PredictionBatch batch)
        {
            Batches.Enqueue(batch);
            return true;
        }
    }
}
