using System.Security.Cryptography;
using HealthMLOps.Hosting;

namespace HealthMLOps.Models;

/// <summary>The SHA-256 that names a model package: 64 lower-case hexadecimal digits.</summary>
public readonly record struct PackageDigest
{
    public const int Digits = 64;

    private PackageDigest(string hex) => Hex = hex;

    public string Hex { get; }

    /// <summary>Reads it with or without <c>sha256:</c> before it.</summary>
    /// <exception cref="CommandFailed">The text is no SHA-256.</exception>
    public static PackageDigest Parse(string text)
    {
        var hex = text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;
        return hex.Length == Digits && hex.All(char.IsAsciiHexDigit)
            ? new PackageDigest(hex.ToLowerInvariant())
            : throw new CommandFailed(ExitCode.Usage, $"A package digest has {Digits} hexadecimal digits; got '{text}'.");
    }

    public static async Task<PackageDigest> OfFile(string file, CancellationToken stop)
    {
        await using var bytes = File.OpenRead(file);
        return new PackageDigest(Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, stop)));
    }
}
