using Baton.Server.Platform.Errors;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Platform.Http;

/// <summary>Shows a refusal to a person with a browser; <see cref="ErrorAnswers"/> answers programs itself.</summary>
internal interface IErrorPage
{
    Task WriteAsync(HttpContext context, Refusal refusal, int status);
}
