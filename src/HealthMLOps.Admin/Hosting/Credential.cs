using System.Net.Http.Headers;

namespace HealthMLOps.Hosting;

/// <summary>The operator's bearer token. It is read from a file, leaves only in a request's header and is never printed.</summary>
public sealed class Credential
{
    /// <summary>More than any token; a larger file is some other file.</summary>
    public const int BytesMax = 16 * 1024;

    private readonly string _token;

    private Credential(string token) => _token = token;

    /// <exception cref="CommandFailed">The file can't be read or holds no token.</exception>
    public static Credential Read(string file)
    {
        var token = Text(file).Trim();
        if (token.Length == 0 || token.Any(letter => letter is <= ' ' or > '~'))
            throw new CommandFailed(ExitCode.NotAuthorised, $"'{file}' holds no credential: it must be one line of ASCII without spaces.");
        return new Credential(token);
    }

    public AuthenticationHeaderValue ToHeader() => new("Bearer", _token);

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
