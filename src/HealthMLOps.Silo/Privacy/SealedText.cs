using System.Text;

namespace HealthMLOps.Privacy;

/// <summary>Keeps people's own words (a reason, a file's name) sealed in a column of text: what a person writes may name a patient.</summary>
/// <remarks>Under the root key and not the key ring: a halt must not wait for the database that the ring is in.</remarks>
public sealed class SealedText(byte[] rootKey)
{
    /// <summary>Tells sealed words from those that were written before words were sealed.</summary>
    private const string Prefix = "sealed:";

    private readonly RootSeal _root = new(rootKey);

    /// <param name="words">What a person wrote.</param>
    /// <param name="context">The table and column; opening under another fails.</param>
    public string Seal(string words, string context) => Prefix + Convert.ToBase64String(_root.Seal(Encoding.UTF8.GetBytes(words), context));

    public string Open(string stored, string context) => stored.StartsWith(Prefix, StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(_root.Open(Convert.FromBase64String(stored[Prefix.Length..]), context)) : stored;
}
