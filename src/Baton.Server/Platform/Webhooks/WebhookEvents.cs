using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Events;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Queues an event for every webhook that asked for its kind. Only this is done in the order of events: sending waits for nobody.</summary>
internal sealed class WebhookEvents(BatonDatabase database, Writes writes, WebhooksStore webhooks, DeliveriesStore deliveries, IPrompts prompts, DeliverySignal signal, IdSource ids)
    : IEventSubscriber
{
    public string Name => "webhooks.queue";

    public IReadOnlyCollection<string> Types => WebhookMessage.Types;

    public async Task HandleAsync(Event happened, CancellationToken cancellation)
    {
        var active = await database.ReadAsync(sql => webhooks.ListActiveAsync(sql, happened.Project, happened.At), cancellation);
        if (active.Count == 0)
            return;
        var prompt = happened.Subject.Split('/') is ["models", var model, ..]
            && await database.ReadAsync(sql => prompts.IsPromptAsync(sql, happened.Project, model), cancellation);
        if (WebhookMessage.Of(happened, prompt) is not var (kind, data))
            return;
        var told = active.Where(w => w.Events.Contains(kind)).ToList();
        if (told.Count == 0)
            return;
        var body = WebhookMessage.Write(kind, happened.At, data);
        await writes.RunAsync(new Caller(Actor.Baton, happened.Project), async change =>
        {
            foreach (var webhook in told)
            {
                await deliveries.QueueAsync(
                    change, new Delivery { DeliveryId = ids.Dashed(), WebhookId = webhook.WebhookId, Event = kind.Name, Body = body }, happened.Id);
            }

            return true;
        }, cancellation);
        signal.Wake();
    }
}

/// <summary>Something is to be sent to a webhook.</summary>
internal sealed class DeliverySignal : Signal;
