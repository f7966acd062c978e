using System.Net;
using System.Text.Json;
using Baton.Contracts;

namespace Baton.Client;

/// <summary>The server understood the request and refused it, or failed at it.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Stable code: of Baton (<c>gate_refused</c>) or of MLflow (<c>RESOURCE_DOES_NOT_EXIST</c>).</param>
/// <param name="detail">What was wrong, for people.</param>
public sealed class BatonApiException(HttpStatusCode status, string code, string detail) : Exception(detail)
{
    private const string Internal = "internal";

    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Stable code: of Baton (<c>gate_refused</c>) or of MLflow (<c>RESOURCE_DOES_NOT_EXIST</c>).</summary>
    public string Code { get; } = code;

    /// <summary>One line that names the failure; empty where the server gave none.</summary>
    public string Title { get; init; } = "";

    /// <summary>Every fault found, with its place.</summary>
    public IReadOnlyList<ApiFault> Errors { get; init; } = [];

    /// <summary>Verdict behind a refused gate.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Reads an error answer: <c>application/problem+json</c>, MLflow's <c>{"error_code", "message"}</c>, or anything else as its own text.</summary>
    internal static BatonApiException From(HttpStatusCode status, string body, Uri? request)
    {
        try
        {
            if (JsonSerializer.Deserialize<Problem>(body, WireJson.Options) is { } problem)
            {
                if (problem.ErrorCode is { } mlflow)
                    return new(status, mlflow, problem.Message ?? mlflow);
                if (problem.Code is { } code)
                {
                    return new(status, code, problem.Detail ?? problem.Title ?? code)
                    {
                        Title = problem.Title ?? "",
                        Errors = problem.Errors ?? [],
                        Verdict = problem.Verdict,
                    };
                }
            }
        }
        catch (JsonException)
        {
            // Not an error of Baton's making (a proxy, another program): its text is all there is to say.
        }
        var text = body.ReplaceLineEndings(" ").Trim();
        return new(status, Internal, $"{request} answered {(int)status} {status}{(text.Length == 0 ? "" : ": " + text[..Math.Min(300, text.Length)])}.");
    }

    private sealed record Problem(
        string? Code, string? Title, string? Detail, IReadOnlyList<ApiFault>? Errors, Verdict? Verdict, string? ErrorCode, string? Message);
}

/// <summary>One fault in what was sent.</summary>
/// <param name="Path">Where: a field's path, e.g. <c>metrics.roc_auc</c>.</param>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="Line">Line in the document, from 1, where there is one.</param>
/// <param name="Column">Column in the line, from 1.</param>
public sealed record ApiFault(string? Path, string Message, int? Line = null, int? Column = null);
