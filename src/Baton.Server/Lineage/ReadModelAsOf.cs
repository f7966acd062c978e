using System.Globalization;
using System.Text.Json.Serialization;
using Baton.Contracts;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Platform.Ids;
using Baton.Server.Platform.Ledger;
using Baton.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Lineage;

/// <summary>Which version an alias or a stage held at a time, from the ledger: newest entry first, until one speaks of it.</summary>
internal sealed class ReadModelAsOf(ReadLedgerBackwards ledger)
{
    private const int EntriesAtOnce = 500;

    /// <summary>How the model stood; read as far back as <paramref name="alias"/> needs, or wholly where none is asked for.</summary>
    public async Task<ModelThen> HandleAsync(Caller caller, ModelName name, long at, string? alias, CancellationToken cancellation)
    {
        var then = new ModelThen(name.Value);
        var before = long.MaxValue;
        while (!then.IsWhole && (alias is null || !then.Knows(alias)))
        {
            var subject = then.Name;
            var entries = await ledger.HandleAsync(caller, $"models/{subject}", ModelThen.Actions, at, before, EntriesAtOnce, cancellation);
            foreach (var entry in entries)
            {
                before = entry.Seq;
                then.Take(entry);
                // From a renaming on, the older entries are under the former name; that name's own end is not this model's.
                if (then.IsWhole || then.Name != subject)
                    break;
            }

            if (then.Name != subject)
                before = await BeforeRenamingAsync(caller, then.Name, before, cancellation);
            else if (entries.Count < EntriesAtOnce)
                break;
        }

        return then.IsKnown ? then : throw Gone(name, at, then.GoneSince);
    }

    /// <summary>The entry that ended the former name stands right before the one that continues it, and is not to be taken.</summary>
    private async Task<long> BeforeRenamingAsync(Caller caller, string former, long before, CancellationToken cancellation) =>
        (await ledger.HandleAsync(caller, $"models/{former}", ["model.renamed"], long.MaxValue, before, 1, cancellation)).FirstOrDefault()?.Seq ?? before;

    private static Refusal Gone(ModelName name, long at, LedgerEntry? end) => Refusal.NotFound(end switch
    {
        null => $"Registered Model with name={name} not found: nothing is on record of it up to {Spoken(at)}.",
        { Action: "model.renamed" } => $"Registered Model with name={name} not found: it has had another name since {Spoken(end.At)}; entry {end.Seq} of the ledger says which.",
        _ => $"Registered Model with name={name} not found: it was deleted at {Spoken(end.At)} (entry {end.Seq} of the ledger).",
    });

    private static string Spoken(long micros) => Instants.FromMicros(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapV1("GET", "lineage/models/{name}", Permission.ReadLineage, async (
            string name, [FromQuery(Name = "as-of")] string? asOf, Caller caller, ReadModelAsOf read, TimeProvider time, CancellationToken cancellation) =>
        {
            var at = AsOf.Parse(asOf, time);
            var then = await read.HandleAsync(caller, ModelName.Parse(name), at, null, cancellation);
            return Results.Json(new ModelView(
                name,
                Instants.FromMicros(at),
                [.. then.Aliases.Select(a => HeldView.Of(a.Held) with { Alias = a.Alias })],
                [.. then.Stages.Select(s => HeldView.Of(s.Held) with { Stage = s.Stage })]), Documents.Compact);
        });
        routes.MapV1("GET", "lineage/models/{name}/aliases/{alias}", Permission.ReadLineage, async (
            string name, string alias, [FromQuery(Name = "as-of")] string? asOf, Caller caller, ReadModelAsOf read, TimeProvider time, CancellationToken cancellation) =>
        {
            var at = AsOf.Parse(asOf, time);
            var then = await read.HandleAsync(caller, ModelName.Parse(name), at, alias, cancellation);
            var held = then.Aliases.FirstOrDefault(a => a.Alias == alias)?.Held;
            return Results.Json(AskedView.Of(name, at, held) with { Alias = alias }, Documents.Compact);
        });
        routes.MapV1("GET", "lineage/models/{name}/stages/{stage}", Permission.ReadLineage, async (
            string name, string stage, [FromQuery(Name = "as-of")] string? asOf, Caller caller, ReadModelAsOf read, TimeProvider time, CancellationToken cancellation) =>
        {
            var asked = Stages.Parse(stage).ToLowerInvariant();
            var at = AsOf.Parse(asOf, time);
            var then = await read.HandleAsync(caller, ModelName.Parse(name), at, null, cancellation);
            var held = then.Stages.Where(s => s.Stage == asked).Select(s => s.Held).ToList();
            return Results.Json(
                AskedView.Of(name, at, held.FirstOrDefault()) with { Stage = asked, Others = held.Count > 1 ? [.. held.Skip(1).Select(HeldView.Of)] : null },
                Documents.Compact);
        });
    }

    private static string Number(long version) => version.ToString(CultureInfo.InvariantCulture);

    private sealed record ModelView(string Model, DateTimeOffset AsOf, IReadOnlyList<HeldView> Aliases, IReadOnlyList<HeldView> Stages);

    private sealed record HeldView(string? Alias, string? Stage, string Version, DateTimeOffset Since, string By, long LedgerSeq)
    {
        public static HeldView Of(Held held) => new(null, null, Number(held.Version), Instants.FromMicros(held.Since), held.By, held.Seq);
    }

    private sealed record AskedView(
        string Model,
        string? Alias,
        string? Stage,
        DateTimeOffset AsOf,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Version,
        DateTimeOffset? Since,
        string? By,
        long? LedgerSeq)
    {
        /// <summary>Other versions that were in the stage too, for a shorter time.</summary>
        public IReadOnlyList<HeldView>? Others { get; init; }

        public static AskedView Of(string model, long at, Held? held) => new(
            model,
            null,
            null,
            Instants.FromMicros(at),
            held is null ? null : Number(held.Version),
            held is null ? null : Instants.FromMicros(held.Since),
            held?.By,
            held?.Seq);
    }
}
