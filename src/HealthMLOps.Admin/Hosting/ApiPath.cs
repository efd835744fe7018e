namespace HealthMLOps.Hosting;

/// <summary>Paths below the server's address, with every part escaped.</summary>
public static class ApiPath
{
    /// <summary><c>api/v1/</c> and the parts.</summary>
    public static string Of(params IEnumerable<string> parts) => "api/v1/" + string.Join('/', parts.Select(Escaped));

    /// <summary>Adds the query parameters that have a value.</summary>
    public static string Where(this string path, params IEnumerable<(string Name, string? Value)> query)
    {
        var given = query.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value ?? "")}").ToList();
        return given.Count == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    /// <exception cref="CommandFailed">The part would name another path.</exception>
    private static string Escaped(string part) => part is "" or "." or ".."
        ? throw new CommandFailed(ExitCode.Usage, $"'{part}' is no id.")
        : Uri.EscapeDataString(part);
}
