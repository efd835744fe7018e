using System.Text.Json;

namespace HealthMLOps.Problems;

/// <summary>Answers an error: an OperationOutcome under <c>/fhir</c>, a problem document elsewhere. Never a stack trace, a value or an identifier.</summary>
public static class Problem
{
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Short code of ours, such as "unknown-patient"; the last part of the problem's type.</param>
    /// <param name="detail">What is wrong: thing, actual, allowed.</param>
    public static async Task Write(HttpContext context, int status, string code, string detail)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = status;
        var fhir = context.Request.Path.StartsWithSegments("/fhir", StringComparison.Ordinal);
        context.Response.ContentType = fhir ? "application/fhir+json; charset=utf-8" : "application/problem+json";
        await using var json = new Utf8JsonWriter(context.Response.Body);
        if (fhir) Outcome.Write(json, [new OutcomeIssue("error", Outcome.IssueType(status), code, detail, null)]);
        else
        {
            json.WriteStartObject();
            json.WriteString("type", "urn:healthml:problem:" + code);
            json.WriteString("title", code);
            json.WriteNumber("status", status);
            json.WriteString("detail", detail);
            json.WriteEndObject();
        }
        await json.FlushAsync(context.RequestAborted);
    }

    /// <summary>The same as a minimal-API result.</summary>
    public static IResult Of(int status, string code, string detail) => new Answer(status, code, detail);

    private sealed class Answer(int status, string code, string detail) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, status, code, detail);
    }
}
