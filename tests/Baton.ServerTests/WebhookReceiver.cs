using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Baton.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baton.ServerTests;

/// <summary>A server that webhooks are sent to: it answers as the test says and keeps what came.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/hook";

    /// <summary>Gives the answer to each request, by its number from 1.</summary>
    public Func<int, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public ConcurrentQueue<Received> All { get; } = new();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            receiver.All.Enqueue(new Received(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()), body));
            await receiver.Answer(receiver.All.Count, context);
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until so many requests came.</summary>
    public async Task<IReadOnlyList<Received>> WaitAsync(int count)
    {
        await Wait.UntilAsync(() => All.Count >= count, TimeSpan.FromSeconds(30), $"{count} requests came");
        return [.. All];
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed record Received(IReadOnlyDictionary<string, string> Headers, string Body)
    {
        public JsonNode Json => JsonNode.Parse(Body)!;

        public string Name => $"{Json["entity"]}.{Json["action"]}";
    }
}
