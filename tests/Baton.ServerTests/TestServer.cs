using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baton.Client;
using Baton.Contracts;
using Baton.Database;
using Baton.Server;
using Baton.Server.Platform.Access;
using Baton.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Baton.ServerTests;

/// <summary>A control plane on a fresh database, answering over real HTTP, with the words tests use most.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string AgentToken = "test-agent-token-of-thirty-two-characters";

    private readonly TestDatabase _database;
    private readonly TempDirectory _directory = new();

    private TestServer(TestDatabase database) => _database = database;

    public RunningServer Running { get; private set; } = null!;

    public Uri Address => Running.Address;

    public HttpClient Http { get; private set; } = null!;

    public BatonClient Client { get; private set; } = null!;

    public BatonClient Agent { get; private set; } = null!;

    public string BlobDirectory => _directory.File("blobs");

    public string DatabaseConnection => _database.Connection;

    private ServerOptions _options = null!;
    private TimeProvider _time = TimeProvider.System;

    public static async Task<TestServer> StartAsync(
        Engine engine, TimeSpan? lease = null, TimeProvider? time = null, Func<ServerOptions, ServerOptions>? with = null)
    {
        var server = new TestServer(await TestDatabase.CreateAsync(engine));
        var options = new ServerOptions
        {
            DataDirectory = server._directory.Path,
            Port = 0,
            Database = server._database.Connection,
            AgentToken = AgentToken,
            JobLease = lease ?? TimeSpan.FromSeconds(15),
        };
        server._options = with is null ? options : with(options);
        server._time = time ?? server._time;
        server.Running = await ServerHost.StartAsync(server._options, server._time, CancellationToken.None);
        server.Http = new HttpClient { BaseAddress = server.Address };
        server.Client = new BatonClient(server.Address);
        server.Agent = new BatonClient(server.Address, AgentToken);
        return server;
    }

    public string DataFile(string name) => _directory.File(name);

    /// <summary>Ends the control plane and starts another on the same data, at another address.</summary>
    public async Task RestartAsync()
    {
        await Running.DisposeAsync();
        Running = await ServerHost.StartAsync(_options, _time, CancellationToken.None);
        Http.Dispose();
        Http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Logs a run with the files of a package and registers it as the next version of a model.</summary>
    public async Task<Client.ModelVersion> RegisterAsync(string model, params (string Path, string Text)[] files)
    {
        var experiment = await Client.GetOrCreateExperimentAsync("tests");
        var run = await Client.CreateRunAsync(experiment.ExperimentId, "a run", []);
        foreach (var (path, text) in files.Length > 0 ? files : [("model.onnx", "bytes of a model"), ("MLmodel", "flavors: {}")])
            await Client.PutArtifactAsync(run.Info.ArtifactUri, "model/" + path, new MemoryStream(Encoding.UTF8.GetBytes(text)));
        await Client.EnsureRegisteredModelAsync(model);
        return await Client.CreateModelVersionAsync(model, $"runs:/{run.Info.RunId}/model", run.Info.RunId);
    }

    /// <summary>Registers a version with claims under a contract in force, and hands it over.</summary>
    public async Task<(Client.ModelVersion Version, HandoffRecord Handoff)> HandOverAsync(string model, string contract)
    {
        var version = await RegisterAsync(model);
        await PutInForceAsync(model, contract);
        await Client.PutClaimsAsync(model, version.Version, await ClaimsOfAsync(version));
        return (version, await Client.SubmitHandoffAsync(model, [version.Version]));
    }

    public async Task PutInForceAsync(string model, string contract)
    {
        var proposed = await Client.ProposeContractAsync(model, contract);
        await Client.SignContractAsync(model, proposed.Digest, ContractSide.Model);
        await Client.SignContractAsync(model, proposed.Digest, ContractSide.Service);
    }

    /// <summary>Claims that fit the sealed package of a version.</summary>
    public async Task<Claims> ClaimsOfAsync(Client.ModelVersion version)
    {
        var root = await Client.GetDownloadUriAsync(version.Name, version.Version);
        var files = new List<ManifestFile>();
        foreach (var path in await Client.ListAllArtifactsAsync(root))
        {
            var bytes = await Http.GetByteArrayAsync($"api/2.0/mlflow-artifacts/artifacts/{root["mlflow-artifacts:/".Length..]}/{path}");
            files.Add(new ManifestFile(path, Digests.Sha256(bytes), bytes.Length));
        }

        return new Claims
        {
            Model = version.Name,
            Package = Manifest.Of(files),
            Framework = new FrameworkClaim
            {
                Format = "onnx",
                ModelFile = "model.onnx",
                Name = "made-up",
                Version = "1",
                IrVersion = 8,
                Opsets = new Dictionary<string, long> { ["ai.onnx"] = 21 },
            },
            Parameters = new ParameterClaim(1, new Dictionary<string, long> { ["constants"] = 1 }),
            Interface = new InterfaceClaim { Inputs = [new TensorClaim("x", "FP32", [-1, 1])], Outputs = [new TensorClaim("y", "FP32", [-1])] },
        };
    }

    /// <summary>One of the server's verbs, for a test that plays several people: over HTTP everybody is the local user.</summary>
    internal T Verb<T>()
        where T : notnull => Running.Services.GetRequiredService<T>();

    /// <summary>Somebody other than the local user.</summary>
    internal static Caller As(string name) => new(new Actor($"user:{name}", null), Caller.DefaultProject);

    /// <summary>Plays the agent: takes the next verification job and answers every clause of its contract with one verdict, or as told.</summary>
    public async Task<VerificationRecord> VerifyNextAsync(Verdict verdict, Func<ClauseResult, ClauseResult>? tell = null)
    {
        var job = await Agent.ClaimJobAsync("test", ["verification"], TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException("No job came.");
        var request = job.Payload.Deserialize<VerificationRequest>(Documents.Compact)!;
        var evidence = EvidenceFor(request, verdict);
        await Agent.CompleteJobAsync(job.Id, job.Attempt, evidence with { Clauses = [.. evidence.Clauses.Select(tell ?? (clause => clause))] });
        return (await Client.ListVerificationsAsync(request.Model, request.Version))[0];
    }

    public static Evidence EvidenceFor(VerificationRequest request, Verdict verdict)
    {
        var contract = ContractParser.ParseOrThrow(request.Contract);
        return new Evidence
        {
            Model = request.Model,
            Version = request.Version,
            ContractDigest = ContractCanon.Digest(contract),
            ClaimsDigest = Digests.Sha256(Documents.Write(request.Claims)),
            PackageDigest = request.Package.Digest,
            ProductionVersion = request.Production?.Version ?? request.UncomparableProduction,
            ProductionPackageDigest = request.Production?.Package.Digest,
            Verdict = Verdict.Pass,
            Clauses =
            [
                .. contract.ClauseNames.Select(name => new ClauseResult
                {
                    Name = name,
                    Verdict = verdict,
                    Evidence = EvidenceLevel.ReExecuted,
                    Demanded = "at least 0.6",
                    Reason = $"{name} was made up by the test",
                    Measured = 0.65,
                }),
            ],
            Machine = new Machine { Cpu = "test", Cores = 2, MemoryBytes = 1, OperatingSystem = "test", Runtime = "none" },
            StartedAt = DateTimeOffset.UnixEpoch,
            FinishedAt = DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>A contract of a few lines; <paramref name="compared"/> adds the comparison with production.</summary>
    public static string ContractOf(string model, bool compared = false, string latency = "25 ms") =>
        $$"""
        model: {{model}}
        clauses:
          reproduces: {within: 0.0001}
          metrics:
            roc_auc:
              min: 0.60
              {{(compared ? "against_production: {min: -0.005}" : "confidence: 95 %")}}
          latency:
            p95: {max: {{latency}}}
        """;

    /// <summary>Sends JSON as an MLflow client would; the answer's status and body.</summary>
    public async Task<(int Status, JsonNode Body)> MlflowAsync(HttpMethod method, string route, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "api/2.0/mlflow/" + route);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public async Task<string> NewRunAsync(string name = "r")
    {
        var (_, body) = await MlflowAsync(HttpMethod.Post, "runs/create", new { experiment_id = "0", run_name = name, start_time = 1795446216889 });
        return body["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    public static long Int(JsonNode? node) => long.Parse(node!.ToJsonString(), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Client.Dispose();
        Agent.Dispose();
        await Running.DisposeAsync();
        await _database.DisposeAsync();
        _directory.Dispose();
    }
}
