using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace HealthMLOps.Hosting;

/// <summary>An exception as a log may show it: types, codes and stacks of all, messages of our own alone.</summary>
/// <remarks>
/// A parser quotes what it could not read, a database the row that it refused, Orleans the arguments of the call that was
/// late. Our own messages name no patient: a house rule holds what they may quote.
/// </remarks>
public sealed class QuietError(Exception error) : Exception
{
    private const string Ours = "HealthMLOps.";

    /// <summary>Exceptions inside exceptions beyond this are left out.</summary>
    private const int DepthMax = 8;

    public override string Message => Told(error);

    public override string? StackTrace => error.StackTrace;

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, error, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Exception error, int depth)
    {
        if (depth > 0) text.Append(" ---> ");
        text.Append(Told(error));
        if (depth < DepthMax)
            foreach (var inner in error is AggregateException many ? many.InnerExceptions : error.InnerException is { } one ? [one] : (IEnumerable<Exception>)[])
                Write(text.AppendLine(), inner, depth + 1);
        if (error.StackTrace is { } stack) text.AppendLine().Append(stack);
    }

    private static string Told(Exception error)
    {
        var type = error.GetType();
        var name = type.FullName ?? type.Name;
        var code = Code(error);
        var said = name.StartsWith(Ours, StringComparison.Ordinal) ? error.Message : "[message left out]";
        return code is null ? $"{name}: {said}" : $"{name} ({code}): {said}";
    }

    /// <summary>What tells the cause without words.</summary>
    private static string? Code(Exception error) => error switch
    {
        DbException { SqlState: { } state } => $"SQLSTATE {state}",
        SocketException socket => socket.SocketErrorCode.ToString(),
        HttpRequestException http => http.HttpRequestError.ToString(),
        BadHttpRequestException bad => bad.StatusCode.ToString(CultureInfo.InvariantCulture),
        ExternalException external => $"code {external.ErrorCode.ToString(CultureInfo.InvariantCulture)}",
        _ => null,
    };
}
