using System.Net.Http.Headers;

namespace HealthMLOps.Hosting;

/// <summary>The operator's bearer token. It leaves only in a request's header, or in the body of a request to sign, and is never printed.</summary>
public sealed class Credential
{
    /// <summary>More than any token; a larger file is some other file.</summary>
    public const int BytesMax = 16 * 1024;

    private readonly string _token;

    private Credential(string token) => _token = token;

    /// <exception cref="CommandFailed">The file can't be read or holds no token.</exception>
    public static Credential Read(string file)
    {
        return Of(Text(file), $"'{file}'");
    }

    /// <param name="text">The token, perhaps with white space around it.</param>
    /// <param name="origin">Where it comes from, for the message.</param>
    public static Credential Of(string text, string origin)
    {
        var token = text.Trim();
        if (token.Length == 0 || token.Any(letter => letter is <= ' ' or > '~'))
            throw new CommandFailed(ExitCode.NotAuthorised, $"{origin} holds no credential: it must be one line of ASCII without spaces.");
        return new Credential(token);
    }

    public AuthenticationHeaderValue ToHeader() => new("Bearer", _token);

    /// <summary>The token itself, for the body of a request that must repeat it.</summary>
    public string Repeated() => _token;

    public override string ToString() => "(credential)";

    private static string Text(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > BytesMax })
                throw new CommandFailed(ExitCode.NotAuthorised, $"'{file}' is no credential: it is larger than {BytesMax} bytes.");
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed(ExitCode.NotAuthorised,
                $"The credential file '{file}' can't be read. Name it with --credential-file or {ConnectionOptions.CredentialFileVariable}.");
        }
    }
}
