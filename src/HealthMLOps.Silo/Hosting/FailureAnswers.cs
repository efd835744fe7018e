using HealthMLOps.Problems;
using HealthMLOps.Storage;

namespace HealthMLOps.Hosting;

/// <summary>Turns what rooms throw into answers: busy, fenced, unusable, too large, or a plain internal error without a trace.</summary>
public sealed partial class FailureAnswers(RequestDelegate next, ILogger<FailureAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (LogBusy busy)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(busy.RetryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Problem.Write(context, StatusCodes.Status503ServiceUnavailable, "busy", "The log's queue is full; nothing of this request may be taken as stored. Try again.");
        }
        catch (LogUnavailable unavailable)
        {
            LostDatabase(unavailable);
            context.Response.Headers.RetryAfter = "5";
            await Problem.Write(context, StatusCodes.Status503ServiceUnavailable, "storage-unavailable", "The database does not answer; nothing of this request may be taken as stored. Try again.");
        }
        catch (WriterFenced)
        {
            // The fenced writer may be another silo's, whose grain we called; each silo watches its own (FenceWatch).
            context.Response.Headers.RetryAfter = "1";
            await Problem.Write(context, StatusCodes.Status503ServiceUnavailable, "fenced", "A successor has taken over this work; nothing of this request may be taken as stored. Try again.");
        }
        catch (BadHttpRequestException bad)
        {
            await Problem.Write(context, bad.StatusCode, "bad-request", bad.StatusCode == 413
                ? $"The body is larger than {SiloHost.BodyBytesMax} bytes." : "The request can't be read: a parameter or the body is malformed.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception error)
        {
            Failed(error, context.GetEndpoint()?.DisplayName);
            await Problem.Write(context, StatusCodes.Status500InternalServerError, "internal", "The request failed inside the silo; its log tells more.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed a request to {Endpoint}")]
    private partial void Failed(Exception error, string? endpoint);

    [LoggerMessage(Level = LogLevel.Error, Message = "Answered busy: the database does not answer")]
    private partial void LostDatabase(Exception error);
}
