using System.Net;
using System.Text.Json;

namespace HealthMLOps.Hosting;

/// <summary>The sentence in a server's error answer: a problem's detail or an OperationOutcome's diagnostics.</summary>
public static class ServerWords
{
    public const int LettersMax = 2000;

    public static string Of(HttpStatusCode status, string body)
    {
        var said = Parsed(body);
        var code = $"{(int)status} {status}";
        return said is null ? $"The server answered {code}." : $"{PlainText.Of(Short(said))} ({code})";
    }

    private static string? Parsed(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Outcome(document.RootElement) ?? Problem(document.RootElement)
                : null;
        }
        catch (JsonException)
        {
            return null;    // A proxy's page of HTML says nothing that the status doesn't.
        }
    }

    private static string? Outcome(JsonElement body)
    {
        if (body.Field("issue") is not { ValueKind: JsonValueKind.Array } issues) return null;
        var sentences = issues.EnumerateArray()
            .Select(issue => issue.Words("diagnostics") ?? issue.Field("details")?.Words("text") ?? issue.Words("code"))
            .OfType<string>();
        return string.Join(" ", sentences) is { Length: > 0 } text ? text : null;
    }

    private static string? Problem(JsonElement body)
    {
        var sentence = body.Words("detail") ?? body.Words("title");
        if (body.Field("errors") is not { ValueKind: JsonValueKind.Object } errors) return sentence;
        var fields = errors.EnumerateObject().Select(field => $"{field.Name}: {JsonWords.Of(field.Value)}");
        return $"{sentence} {string.Join("; ", fields)}".Trim();
    }

    private static string Short(string text) => text.Length <= LettersMax ? text : text[..LettersMax] + "…";
}
