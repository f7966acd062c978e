using System.Globalization;
using Baton.Server.Handoff;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Comments;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Promotion;
using Baton.Server.Registry;
using Baton.Server.Ui.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Ui;

/// <summary>The page of a contract, of a handoff, and their forms: each leads back to the clause it was sent from.</summary>
internal static partial class UiModule
{
    private static void AddContractPages(IServiceCollection services) => services.TryAddSingleton<ReadContractStory>();

    private static void MapContractPages(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/models/{name}/contract", (string name, string? digest, string? version) =>
            Page<ContractPage>(("Name", name), ("Digest", digest), ("Version", version is null ? null : ModelVersion.ParseNumber(version))));
        routes.MapPage("/handoffs/{id}", (string id) => Page<HandoffPage>(("Id", id)));
        routes.MapRoute("/models/{name}/contract/signatures", ["POST"], SignAsync).Requires(Permission.WriteHandoff);
        routes.MapRoute("/models/{name}/contract/offers", ["POST"], OfferAsync).Requires(Permission.WriteHandoff);
        routes.MapRoute("/models/{name}/contract/decisions", ["POST"], DecideAsync).Requires(Permission.WriteHandoff);
        routes.MapRoute("/models/{name}/contract/waivers", ["POST"], WaiveAsync).Requires(Permission.Waive);
        routes.MapRoute("/models/{name}/comments", ["POST"], CommentAsync).Requires(Permission.WriteComments);
    }

    private static async Task<IResult> SignAsync(
        string name, HttpRequest request, Caller caller, PageRequest page, SignContract sign, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        await sign.HandleAsync(caller, ModelName.Parse(name), form["digest"].ToString(), form["side"].ToString(), cancellation);
        return BackToContract(page, name, form, null);
    }

    private static async Task<IResult> OfferAsync(
        string name, HttpRequest request, Caller caller, PageRequest page, OfferClause offer, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        await offer.HandleAsync(
            caller, ModelName.Parse(name),
            new OfferClause.Request(form["clause"], form["change"], form["reason"], form["digest"].ToString(), Written(form, "answers")), cancellation);
        return BackToContract(page, name, form, form["clause"]);
    }

    private static async Task<IResult> DecideAsync(
        string name, HttpRequest request, Caller caller, PageRequest page, DecideOffer decide, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        await decide.HandleAsync(caller, ModelName.Parse(name), form["id"].ToString(), form["decision"].ToString(), form["reason"], cancellation);
        return BackToContract(page, name, form, form["clause"]);
    }

    /// <summary>With an id it revokes that waiver; without, it waives.</summary>
    private static async Task<IResult> WaiveAsync(
        string name, HttpRequest request, Caller caller, PageRequest page, WaiveClause waive, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        if (Written(form, "id") is { } id)
            await waive.RevokeAsync(caller, ModelName.Parse(name), id, null, cancellation);
        else
        {
            DateTimeOffset? until = DateOnly.TryParseExact(form["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
                : null;
            await waive.HandleAsync(
                caller, ModelName.Parse(name), new WaiveClause.Request(form["waived"], Written(form, "version"), form["reason"], until, Written(form, "ticket")), cancellation);
        }

        return BackToContract(page, name, form, form["clause"]);
    }

    private static async Task<IResult> CommentAsync(
        string name, HttpRequest request, Caller caller, PageRequest page, AddComment add, ChangeComment change, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        switch (form["act"].ToString())
        {
            case "add":
                await add.HandleAsync(caller, form["on"], form["text"], cancellation);
                break;
            case "resolve" or "reopen":
                await change.ResolveAsync(caller, form["id"].ToString(), form["act"] == "resolve", cancellation);
                break;
            default:
                throw Refusal.Invalid($"'{form["act"]}' is nothing that can be done with a comment.");
        }

        // Below the model's own page, wherever the form says: it leads to no other place.
        var back = form["back"].ToString();
        return SeeOther($"{page.Model(ModelName.Parse(name).Value)}/{(back.Any(char.IsControl) || back.Contains("..", StringComparison.Ordinal) ? "" : back)}");
    }

    private static string? Written(IFormCollection form, string field) => form[field].ToString() is { Length: > 0 } text ? text : null;

    private static IResult BackToContract(PageRequest page, string name, IFormCollection form, string? clause) => SeeOther(
        $"{page.Model(name)}/contract?digest={Uri.EscapeDataString(form["digest"].ToString())}{(string.IsNullOrEmpty(clause) ? "" : $"#talk-{Uri.EscapeDataString(clause)}")}");
}
