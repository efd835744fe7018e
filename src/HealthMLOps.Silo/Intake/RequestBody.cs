using System.Buffers;

namespace HealthMLOps.Intake;

/// <summary>Reads a request's body whole, up to a limit; gzip and others are not taken here.</summary>
public static class RequestBody
{
    /// <returns>The bytes, or null where there are more than allowed.</returns>
    public static async Task<ReadOnlyMemory<byte>?> Read(HttpContext http, int bytesMax)
    {
        if (http.Request.ContentLength > bytesMax) return null;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > bytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
