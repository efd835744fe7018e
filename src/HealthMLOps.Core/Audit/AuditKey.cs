using System.Security.Cryptography;
using System.Text;

namespace HealthMLOps.Audit;

/// <summary>A public key that checkpoints are verified with, in the layout of C2SP signed-note: name, id, algorithm byte and key.</summary>
public sealed class AuditKey
{
    /// <summary>ECDSA over P-256 with SHA-256, signatures in DER, the key as SubjectPublicKeyInfo. The byte leaves room for what follows.</summary>
    public const byte EcdsaP256 = 2;

    public const int IdBytes = 4;

    private readonly byte[] _subjectPublicKeyInfo;

    /// <param name="name">The log's origin.</param>
    /// <param name="subjectPublicKeyInfo">The key in DER.</param>
    public AuditKey(string name, byte[] subjectPublicKeyInfo)
    {
        if (name.Length == 0 || name.Any(letter => char.IsWhiteSpace(letter) || letter == '+')) throw new FormatException($"A key's name has no white space and no '+'; got '{name}'.");
        (Name, _subjectPublicKeyInfo) = (name, subjectPublicKeyInfo);
        Id = SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', EcdsaP256, .. subjectPublicKeyInfo])[..IdBytes];
    }

    public string Name { get; }

    /// <summary>The first bytes of SHA-256(name ‖ newline ‖ algorithm ‖ key).</summary>
    public byte[] Id { get; }

    public string IdText => Convert.ToHexStringLower(Id);

    /// <summary>All keys of a file: one a line, '#' begins a comment. Old keys stay in it, so that what they signed still verifies.</summary>
    /// <exception cref="FormatException">A line is no key.</exception>
    public static IReadOnlyList<AuditKey> ReadAll(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(Parse)];

    /// <summary>Reads <c>name+id+base64(algorithm ‖ key)</c>.</summary>
    /// <exception cref="FormatException">The text is no key, its id is not its own, or the algorithm is unknown.</exception>
    public static AuditKey Parse(string text)
    {
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || Base64.Exactly(parts[2]) is not { Length: > 1 } key) throw new FormatException("A public key of the record is written NAME+ID+KEY; this line is not.");
        if (key[0] != EcdsaP256) throw new FormatException($"The public key '{parts[0]}' has algorithm {key[0]}; this release knows {EcdsaP256} (ECDSA P-256).");
        var read = new AuditKey(parts[0], key[1..]);
        return read.IdText == parts[1] ? read : throw new FormatException($"The public key '{parts[0]}' has id {read.IdText}, but the line says '{parts[1]}'.");
    }

    public bool Verifies(ReadOnlySpan<byte> data, byte[] signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
            return key.KeySize == 256 && key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public override string ToString() => $"{Name}+{IdText}+{Convert.ToBase64String([EcdsaP256, .. _subjectPublicKeyInfo])}";
}
