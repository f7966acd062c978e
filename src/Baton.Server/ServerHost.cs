using System.Net.Sockets;
using Baton.Database;
using Baton.Server.Artifacts;
using Baton.Server.Deployments;
using Baton.Server.Handoff;
using Baton.Server.Lineage;
using Baton.Server.Imports;
using Baton.Server.Monitoring;
using Baton.Server.Platform;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Baton.Server.Predictions;
using Baton.Server.Promotion;
using Baton.Server.Registry;
using Baton.Server.Runs;
using Baton.Server.Ui;
using Baton.Server.Verification;
using Baton.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;

namespace Baton.Server;

/// <summary>The control plane: composition root of its legs.</summary>
public static class ServerHost
{
    private const long MaxJsonBody = 128L * 1024 * 1024;

    /// <summary>Runs a control plane until <paramref name="stop"/>.</summary>
    /// <param name="options">Checked first: <see cref="InvalidOptionsException"/> names every fault.</param>
    /// <param name="listening">Told the address once requests are answered.</param>
    /// <param name="stop">Ends it, after the requests under way.</param>
    /// <exception cref="CannotListenException">The port is taken or not allowed.</exception>
    /// <exception cref="CannotOpenDatabaseException">The database does not answer, cannot be used, or is of a newer Baton.</exception>
    public static async Task RunAsync(ServerOptions options, Action<Uri> listening, CancellationToken stop)
    {
        await using var server = await StartAsync(options, TimeProvider.System, stop);
        listening(server.Address);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(() => stopped.TrySetResult()))
            await stopped.Task;
    }

    /// <summary>Starts a control plane that runs until it is disposed.</summary>
    public static async Task<RunningServer> StartAsync(ServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var problems = options.Problems();
        if (problems.Count > 0)
            throw new InvalidOptionsException(problems);
        var database = await OpenAsync(options, time, cancellation);
        WebApplication? app = null;
        try
        {
            app = Compose(options, database, time);
            await app.Services.GetRequiredService<Writes>().RunAsync(
                new Caller(Actor.Baton, Caller.DefaultProject), async change =>
                {
                    await app.Services.GetRequiredService<RunsStore>().EnsureDefaultExperimentAsync(change);
                    return true;
                }, cancellation);
            await app.StartAsync(cancellation);
            return new RunningServer(app, database, new Uri(app.Urls.First()));
        }
        catch (Exception failed)
        {
            if (app is not null)
                await app.DisposeAsync();
            await database.DisposeAsync();
            if (failed is SocketException or IOException { InnerException: SocketException or Microsoft.AspNetCore.Connections.AddressInUseException })
                throw new CannotListenException(
                    $"Cannot listen on {options.Host}:{options.Port}: {(failed.InnerException ?? failed).Message}. Stop what uses the port, or choose another with --port.", failed);
            throw;
        }
    }

    private static async Task<BatonDatabase> OpenAsync(ServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await BatonDatabase.OpenAsync(options.DatabaseConnection, time, cancellation);
        }
        catch (DatabaseException refused)
        {
            throw new CannotOpenDatabaseException(refused.Message, refused is DatabaseUnavailableException, refused);
        }
    }

    private static WebApplication Compose(ServerOptions options, BatonDatabase database, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,
            // There is no such file, and watching for one costs a thread that wakes at every change below the working directory.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxJsonBody;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            // What keeps the host from starting is thrown to the caller, who says it in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        builder.Services.AddSingleton<Microsoft.AspNetCore.Connections.IMemoryPoolFactory<byte>, LargeBlocks>();
        builder.Services.AddSingleton(options).AddSingleton(database).AddSingleton(time).AddSingleton(new BlobStore(options.BlobDirectory, time))
            .AddPlatform().AddRuns().AddArtifacts().AddRegistry().AddHandoff().AddVerification().AddPromotion().AddDeployments().AddPredictions().AddMonitoring().AddLineage().AddImports().AddUi();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddMeter("Baton.*").AddPrometheusExporter());

        var app = builder.Build();
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<BrowserGuard>();
        app.UseMiddleware<ProjectPath>();
        app.UseRouting();
        app.UseMiddleware<AccessGuard>();
        app.UseMiddleware<Idempotency>();
        app.MapPlatform();
        app.MapRuns();
        app.MapArtifacts();
        app.MapRegistry();
        app.MapHandoff();
        app.MapVerification();
        app.MapPromotion();
        app.MapDeployments();
        app.MapPredictions();
        app.MapMonitoring();
        app.MapLineage();
        app.MapImports();
        app.MapUi();
        app.MapPrometheusScrapingEndpoint("/metrics").Requires(Permission.ReadMetrics);
        app.CheckPermissions();
        return app;
    }
}

/// <summary>A control plane that answers requests. Disposing it ends it, after the requests under way.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly BatonDatabase _database;

    internal RunningServer(WebApplication app, BatonDatabase database, Uri address)
    {
        _app = app;
        _database = database;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    internal IServiceProvider Services => _app.Services;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
