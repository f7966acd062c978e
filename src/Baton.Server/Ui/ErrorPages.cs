using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Baton.Server.Ui.Pages;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Ui;

/// <summary>Shows a refusal as a page.</summary>
internal sealed class ErrorPages : IErrorPage
{
    public Task WriteAsync(HttpContext context, Refusal refusal, int status) =>
        new PageResult<ErrorPage>(
            new Dictionary<string, object?> { ["Status"] = status, ["Title"] = refusal.Code.Title, ["Detail"] = refusal.Message }, status).ExecuteAsync(context);
}
