using System.Text;

namespace HealthMLOps.Storage;

/// <summary>Keys of control grains: <c>kind:</c> and the name in base32, so that no storage provider can mistake one for a number or a format.</summary>
/// <remarks>The ADO.NET provider reads hexadecimal-looking text as a number and formats keys that hold braces (dotnet/orleans#9706).</remarks>
public static class ControlKey
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <param name="kind">Lower-case letters and hyphens: "rollout".</param>
    /// <param name="name">Any text that is not empty.</param>
    public static string Of(string kind, string name)
    {
        if (kind.Length == 0 || kind.Any(letter => letter is not ((>= 'a' and <= 'z') or '-')))
            throw new ArgumentException($"A kind of control grain is lower-case letters and hyphens; got '{kind}'.");
        if (name.Length == 0) throw new ArgumentException($"A control grain of kind '{kind}' needs a name; got none.");
        var key = new StringBuilder(kind).Append(':');
        int bits = 0, count = 0;
        foreach (var part in Encoding.UTF8.GetBytes(name))
        {
            bits = (bits << 8) | part;
            for (count += 8; count >= 5; count -= 5) key.Append(Alphabet[(bits >> (count - 5)) & 31]);
        }
        if (count > 0) key.Append(Alphabet[(bits << (5 - count)) & 31]);
        return key.ToString();
    }

    /// <summary>The name in a key of this kind.</summary>
    /// <exception cref="FormatException">It is no key of this kind.</exception>
    public static string NameOf(string kind, string key)
    {
        if (!key.StartsWith(kind + ":", StringComparison.Ordinal)) throw new FormatException($"'{key}' is no key of a control grain of kind '{kind}'.");
        var name = new List<byte>();
        int bits = 0, count = 0;
        foreach (var letter in key.AsSpan(kind.Length + 1))
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0) throw new FormatException($"'{key}' holds '{letter}', which is not base32.");
            bits = (bits << 5) | value;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            name.Add((byte)(bits >> count));
        }
        return Encoding.UTF8.GetString([.. name]);
    }
}
