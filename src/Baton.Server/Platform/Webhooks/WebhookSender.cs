using System.Collections.Concurrent;
using Baton.Database;
using Baton.Server.Platform.Ids;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Baton.Server.Platform.Webhooks;

/// <summary>
/// Sends what is queued, one delivery of a webhook at a time: a target that is slow or dead holds up its own deliveries only. What fails for a
/// reason that may pass is tried again, after longer and longer waits, for a day. A delivery is a row, so a restart forgets none; one that was under way then is
/// sent again.
/// </summary>
internal sealed partial class WebhookSender(
    BatonDatabase database, WebhooksStore webhooks, DeliveriesStore deliveries, WebhookCall call, DeliverySignal signal, TimeProvider time, ILogger<WebhookSender> log)
    : BackgroundService
{
    /// <summary>How long an event is worth telling.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(1);

    private const int MostAtOnce = 200;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);
    private static readonly TimeSpan SettledKept = TimeSpan.FromDays(7);
    private static readonly TimeSpan TrimEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Task> _underWay = new();
    private DateTimeOffset _trimmed = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            var begun = 0;
            try
            {
                begun = await BeginAsync(stoppingToken);
                await TrimAsync(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogBroken(log, failed);
            }

            if (begun == 0)
                await next.WaitAsync(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_underWay.Values);
    }

    private async Task<int> BeginAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var busy = _underWay.Keys.ToArray();
        // Looking is cheap; only what is found is written.
        if (busy.Length >= MostAtOnce || !await database.ReadAsync(sql => deliveries.AnyDueAsync(sql, now.ToMicros(), busy), cancellation))
            return 0;
        var taken = await database.WriteAsync(
            sql => deliveries.TakeAsync(sql, now.ToMicros(), (now + Lease).ToMicros(), busy, MostAtOnce - busy.Length), cancellation);
        foreach (var delivery in taken)
        {
            // It begins once it is known as under way, since it takes itself off at its end.
            var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _underWay[delivery.WebhookId] = DeliverAsync(delivery, listed.Task, cancellation);
            listed.SetResult();
        }

        return taken.Count;
    }

    private async Task DeliverAsync(Delivery delivery, Task listed, CancellationToken cancellation)
    {
        await listed;
        try
        {
            var webhook = await database.ReadAsync(sql => webhooks.FindAsync(sql, delivery.Project, delivery.WebhookId), cancellation);
            var attempt = webhook is { Status: Webhook.Active }
                ? await call.SendAsync(webhook, delivery.DeliveryId, delivery.Body, keepBody: false, cancellation)
                : new WebhookAttempt(410, webhook is null ? "the webhook was deleted" : "the webhook was disabled");
            var outcome = After(delivery, attempt, time.GetUtcNow());
            await database.WriteAsync(sql => deliveries.PutAsync(sql, outcome), CancellationToken.None);
            if (outcome.State == Delivery.Failed)
                LogGivenUp(log, delivery.Event, delivery.WebhookId, delivery.Attempts, outcome.Error!);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogBroken(log, failed);
        }
        catch (OperationCanceledException)
        {
            // The server ends; the delivery's lease runs out and it is sent after the next start.
        }
        finally
        {
            _underWay.TryRemove(delivery.WebhookId, out _);
            signal.Wake();
        }
    }

    /// <summary>How a delivery stands after an attempt.</summary>
    internal static Delivery After(Delivery delivery, WebhookAttempt attempt, DateTimeOffset now)
    {
        var told = delivery with { StatusCode = attempt.Status, Error = attempt.Error };
        if (attempt.Succeeded)
            return told with { State = Delivery.Delivered, NextAt = null, SettledAt = now.ToMicros() };
        var wait = attempt.RetryAfter is { } asked && asked > TimeSpan.Zero
            ? TimeSpan.FromTicks(Math.Min(asked.Ticks, LongestAsked.Ticks))
            : TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << (int)Math.Min(delivery.Attempts - 1, 20)));
        var next = now + wait + Jitter(delivery);
        return attempt.MayGoBetter && next < Instants.FromMicros(delivery.QueuedAt) + GivenUpAfter
            ? told with { State = Delivery.Pending, NextAt = next.ToMicros() }
            : told with { State = Delivery.Failed, NextAt = null, SettledAt = now.ToMicros() };
    }

    /// <summary>Up to a second, so that deliveries which failed together are not tried together; the same for the same delivery.</summary>
    private static TimeSpan Jitter(Delivery delivery) => TimeSpan.FromMilliseconds(delivery.DeliveryId.Sum(c => (long)c * c) % 1000);

    private async Task TrimAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _trimmed < TrimEvery)
            return;
        _trimmed = now;
        await database.WriteAsync(sql => deliveries.TrimAsync(sql, (now - SettledKept).ToMicros()), cancellation);
    }

    [LoggerMessage(1201, LogLevel.Warning, "The event {Event} did not reach webhook {Webhook} in {Attempts} attempts and is given up: {Error}")]
    private static partial void LogGivenUp(ILogger log, string @event, string webhook, long attempts, string error);

    [LoggerMessage(1202, LogLevel.Error, "Sending to webhooks failed; it is tried again")]
    private static partial void LogBroken(ILogger log, Exception failed);
}
