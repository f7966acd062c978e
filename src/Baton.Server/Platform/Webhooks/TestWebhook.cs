using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Sends a webhook an example, once, and tells how it went. A disabled webhook can be tested too.</summary>
internal sealed class TestWebhook(ReadWebhooks read, WebhookCall call, IdSource ids, TimeProvider time)
{
    /// <summary>Of the event asked for, or the first the webhook is told of.</summary>
    public async Task<WebhookAttempt> HandleAsync(Caller caller, string id, WebhookEvent? kind, CancellationToken cancellation)
    {
        var webhook = await read.GetAsync(caller, id, cancellation);
        var chosen = kind ?? webhook.Events[0];
        var body = WebhookMessage.Write(chosen, time.Micros(), WebhookMessage.Example(chosen));
        return await call.SendAsync(webhook, ids.Dashed(), body, keepBody: true, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMlflow("POST", "webhooks/{id}/test", Permission.WriteWebhooks, async (
        string id, MlflowRequest request, Caller caller, TestWebhook test, CancellationToken cancellation) =>
    {
        var asked = request.Has("event") ? request.RequiredObject("event") : null;
        var kind = asked is null ? null : WebhookEvent.Parse(asked.RequiredNameOrNumber("entity"), asked.RequiredNameOrNumber("action"));
        var attempt = await test.HandleAsync(caller, id, kind, cancellation);
        return MlflowAnswer.Of(new
        {
            Result = new { Success = attempt.Succeeded, ResponseStatus = attempt.Status, ResponseBody = attempt.Body, ErrorMessage = attempt.Error },
        });
    });
}
