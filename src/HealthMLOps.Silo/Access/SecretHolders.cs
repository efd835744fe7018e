using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>Tells whose secret was presented: the owner's, a person's, or a sender's.</summary>
public sealed class SecretHolders(Credentials credentials, AccessBoard board, TimeProvider time)
{
    /// <summary>Stands between the two halves of a secret that two persons give out; no secret of ours holds it otherwise.</summary>
    public const char Joint = '~';

    /// <summary>The person and account of an embedded silo's owner.</summary>
    public const string Owner = "owner";

    /// <summary>Whose secret it is.</summary>
    public Caller? Of(string presented)
    {
        var now = time.GetUtcNow();
        var current = board.Current;
        var digest = DigestOf(presented);
        if (current.OwnerDigest is { } shared ? SameText(shared, digest) : credentials.IsOwner(presented))
            return current.OwnerIsDisabled ? null : new Caller(Owner, Owner, "Owner", [Role.Owner], Purposes.UsualFor([Role.Owner]));
        if (current.Holder(digest, now) is var (person, credential))
            return new Caller(person.Id, credential.Id, person.PrintedName, person.Roles, Purposes.UsualFor(person.Roles)) { Units = person.Units };
        return current.SourceOf(digest, credentials.SourceOf(presented), now) is { } source
            ? new Caller("sender:" + source.Value, "sender:" + source.Value, source.Value, [Role.Sender], Purposes.UsualFor([Role.Sender])) { Source = source.Value }
            : null;
    }

    private static bool SameText(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(a), Encoding.ASCII.GetBytes(b));

    /// <summary>SHA-256 of a secret, lower-case hexadecimal: all that is ever kept of it. Of one in two halves it is that of their digests.</summary>
    public static string DigestOf(string secret) =>
        secret.IndexOf(Joint) is > 0 and var at ? Joined(Hash(secret[..at]), Hash(secret[(at + 1)..])) : Hash(secret);

    /// <summary>The digest of a secret whose halves have these: nobody who knows one half can tell the other.</summary>
    public static string Joined(string firstDigest, string secondDigest) => Hash(firstDigest + secondDigest);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
