using Baton.Contracts;
using Baton.Database;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Handoff;

/// <summary>Sets who must sign in a project, and tells it. What is in force already stays in force.</summary>
internal sealed class SetHandoffPolicy(BatonDatabase database, Writes writes, HandoffStore store, Sides sides)
{
    private const int MaxBody = 64 * 1024;
    private const int MostSignatures = 20;
    private const int MostSigners = 100;

    public Task<HandoffPolicy> ReadAsync(Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(sql => sides.PolicyAsync(sql, caller.Project), cancellation);

    public Task<HandoffPolicy> HandleAsync(Caller caller, HandoffPolicy policy, CancellationToken cancellation)
    {
        foreach (var side in Signature.Sides)
        {
            if (policy.Needs(side) is < 1 or > MostSignatures)
                throw Refusal.Invalid($"'{side}_signatures' is {policy.Needs(side)}: a side needs 1 to {MostSignatures} signatures.");
            if (policy.Signers(side) is { Count: > 0 } named)
            {
                if (named.Count > MostSigners || named.Any(n => string.IsNullOrWhiteSpace(n) || n.IsLongerThan(250)) || named.Distinct().Count() != named.Count)
                    throw Refusal.Invalid($"'{side}_signers' names at most {MostSigners} different people, each by a name of 1 to 250 characters as the ledger writes it: user:ada.");
                if (named.Count < policy.Needs(side))
                    throw Refusal.Invalid($"'{side}_signers' names {named.Count}, but the side needs {policy.Needs(side)} signatures: nothing could come into force.");
            }
        }

        return writes.RunAsync(caller, async change =>
        {
            if (Documents.Write(await sides.PolicyAsync(change.Sql, change.Project)) == Documents.Write(policy))
                return policy;
            await store.PutPolicyAsync(change, policy);
            await change.RecordAsync("handoff_policy.set", "handoff-policy", policy);
            return policy;
        }, cancellation);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "handoff-policy", Permission.ReadHandoff, async (Caller caller, SetHandoffPolicy policy, CancellationToken cancellation) =>
            Results.Json(await policy.ReadAsync(caller, cancellation), Documents.Compact));
        routes.MapV1("PUT", "handoff-policy", Permission.SetHandoffPolicy, async (
            HttpRequest request, Caller caller, SetHandoffPolicy set, CancellationToken cancellation) =>
        {
            var body = Documents.Read<Body>(await request.ReadTextAsync(MaxBody, cancellation));
            var policy = new HandoffPolicy
            {
                ModelSignatures = body.ModelSignatures ?? 1,
                ServiceSignatures = body.ServiceSignatures ?? 1,
                ModelSigners = body.ModelSigners ?? [],
                ServiceSigners = body.ServiceSigners ?? [],
                Solo = body.Solo ?? throw Refusal.Invalid("'solo' is missing: true lets one person act for both sides, false does not."),
            };
            return Results.Json(await set.HandleAsync(caller, policy, cancellation), Documents.Compact);
        });
    }

    private sealed record Body(int? ModelSignatures, int? ServiceSignatures, IReadOnlyList<string>? ModelSigners, IReadOnlyList<string>? ServiceSigners, bool? Solo);
}
