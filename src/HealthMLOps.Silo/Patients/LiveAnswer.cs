namespace HealthMLOps.Patients;

/// <summary>A serialised answer that is looked at once more when it is about to leave.</summary>
/// <param name="body">The answer.</param>
/// <param name="mediaType">Of both bodies.</param>
/// <param name="instead">Another body, where this one may not leave any more; null = it may.</param>
public sealed class LiveAnswer(byte[] body, string mediaType, Func<byte[]?> instead) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = mediaType;
        response.Headers.CacheControl = "no-store";
        var leaving = instead() ?? body;
        response.ContentLength = leaving.Length;
        await response.Body.WriteAsync(leaving, httpContext.RequestAborted);
    }
}
