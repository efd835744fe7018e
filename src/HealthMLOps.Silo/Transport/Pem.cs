using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HealthMLOps.Clinical;

namespace HealthMLOps.Transport;

/// <summary>PEM files of certificates.</summary>
internal static class Pem
{
    /// <exception cref="InvalidConfiguration">There is no such file, or it can't be read.</exception>
    public static string Read(string file)
    {
        try { return File.ReadAllText(file); }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfiguration($"The certificate file '{file}' can't be read: {absent.Message}");
        }
    }

    /// <summary>The certificates in the order in which they stand; at least one.</summary>
    /// <exception cref="InvalidConfiguration">The text holds none, or a broken one.</exception>
    public static IReadOnlyList<X509Certificate2> Certificates(string file, string text)
    {
        var found = new X509Certificate2Collection();
        try { found.ImportFromPem(text); }
        catch (CryptographicException broken) { throw new InvalidConfiguration($"'{file}' holds a certificate that can't be read: {broken.Message}"); }
        return found.Count > 0 ? [.. found] : throw new InvalidConfiguration($"'{file}' holds no certificate; it must be a PEM file with 'BEGIN CERTIFICATE'.");
    }
}
