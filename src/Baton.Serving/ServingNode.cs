using System.Net.Sockets;
using Baton.Client;
using Baton.Inference;
using Baton.Inference.Execution;
using Baton.Serving.Log;
using Baton.Serving.Models;
using Baton.Serving.Node;
using Baton.Serving.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using EndpointState = Baton.Serving.Models.EndpointState;

namespace Baton.Serving;

/// <summary>A serving node: answers inference, with a control plane that tells it what to serve or on its own.</summary>
public static class ServingNode
{
    private const long MaxBody = 128L * 1024 * 1024;

    /// <summary>Runs a node until <paramref name="stop"/>.</summary>
    /// <param name="options">How it runs; see <see cref="ServingOptions.Problems"/>.</param>
    /// <param name="controlPlane">Tells what to serve and takes the predictions, with the node's token; null to serve <see cref="ServingOptions.Models"/> alone. Not disposed.</param>
    /// <param name="worker">How the process of an unverified model is started.</param>
    /// <param name="listening">Told the address once requests are answered.</param>
    /// <param name="stop">Ends it, after the requests under way.</param>
    /// <exception cref="ArgumentException">The options do not fit; the message names every fault.</exception>
    /// <exception cref="InvalidModelException">A named model cannot be served; the message says why.</exception>
    /// <exception cref="IOException">The port is taken or not allowed; the cause is a <see cref="SocketException"/>.</exception>
    public static async Task RunAsync(
        ServingOptions options, BatonClient? controlPlane, ModelProcessOptions? worker, Action<Uri> listening, CancellationToken stop)
    {
        await using var node = await StartAsync(options, controlPlane, worker, TimeProvider.System, stop);
        listening(node.Address);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Starts a node that runs until it is disposed.</summary>
    public static async Task<RunningNode> StartAsync(
        ServingOptions options, BatonClient? controlPlane, ModelProcessOptions? worker, TimeProvider time, CancellationToken cancellation)
    {
        if (options.Problems() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        var app = Compose(options, controlPlane, worker, time);
        try
        {
            // Made now, not at the first request: what an earlier node left in the spool is sent.
            _ = app.Services.GetRequiredService<IPredictionSink>();
            if (controlPlane is null)
                await ServeAsync(app.Services.GetRequiredService<EndpointTable>(), options, cancellation);
            await app.StartAsync(cancellation);
            return new RunningNode(app, new Uri(app.Urls.First()), controlPlane is null ? _ => Task.CompletedTask : Follow(app, options, controlPlane, time));
        }
        catch (Exception failed)
        {
            await app.DisposeAsync();
            if (failed is SocketException)
                throw new IOException($"Cannot listen on {options.Host}:{options.Port}: {failed.Message}.", failed);
            throw;
        }
    }

    /// <summary>Without control plane there is nothing but the named models: one that cannot be served ends the node rather than leaving it empty.</summary>
    private static async Task ServeAsync(EndpointTable table, ServingOptions options, CancellationToken cancellation)
    {
        await table.ApplyAsync([.. await Task.WhenAll(options.Models.Select(m => NamedModel.ReadAsync(m.Key, m.Value, cancellation)))], cancellation);
        if (table.Status().FirstOrDefault(s => s.State != EndpointState.Ready) is { } failed)
            throw new InvalidModelException($"{options.Models[failed.Endpoint]} cannot be served: {failed.Reason}");
    }

    private static WebApplication Compose(ServingOptions options, BatonClient? controlPlane, ModelProcessOptions? worker, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ServingNode).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
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
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));

        builder.Services.AddSingleton(time).AddSingleton(new ModelSlotOptions { Worker = worker }).AddSingleton<EndpointTable>().AddSingleton<ServingMeter>();
        builder.Services.AddSingleton<IPredictionSink>(services => controlPlane is null
            ? new CountedPredictions(services.GetRequiredService<ServingMeter>())
            : new PredictionLog(
                new PredictionLogOptions { Folder = Path.Combine(options.WorkDirectory, "spool"), SealAfter = options.LogSealAfter },
                (file, parquet, cancel) => controlPlane.PutPredictionFileAsync(file.Project, file.Endpoint, file.Id, file.Day, parquet, cancel),
                services.GetRequiredService<ServingMeter>(), time, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddRuntimeInstrumentation().AddMeter("Baton.*").AddPrometheusExporter());

        var app = builder.Build();
        app.UseMiddleware<HostGuard>();
        app.UseRouting();
        app.MapOpenInference();
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    private static Func<CancellationToken, Task> Follow(WebApplication app, ServingOptions options, BatonClient controlPlane, TimeProvider time)
    {
        var (services, logs) = (app.Services, app.Services.GetRequiredService<ILoggerFactory>());
        var packages = new PackageCache(Path.Combine(options.WorkDirectory, "packages"), options.CacheBytes, time, controlPlane.DownloadBlobAsync);
        var file = new NodeStateFile(Path.Combine(options.WorkDirectory, "serving.json"));
        var (table, meter) = (services.GetRequiredService<EndpointTable>(), services.GetRequiredService<ServingMeter>());
        var uptake = new Uptake(table, new Preparation(packages), packages, file, logs.CreateLogger<Uptake>());
        var watch = new DesiredStateWatch(controlPlane, uptake, file, options.Wait, time, logs.CreateLogger<DesiredStateWatch>());
        var address = new Uri(app.Urls.First()).GetLeftPart(UriPartial.Authority);
        var reports = new StatusReports(
            controlPlane, () => new NodeStatus { Node = options.Name, Address = address, Endpoints = uptake.Status(), Counters = meter.Read() },
            options.StatusEvery, time, logs.CreateLogger<StatusReports>());
        return stop => Task.WhenAll(watch.RunAsync(stop), reports.RunAsync(stop));
    }
}
