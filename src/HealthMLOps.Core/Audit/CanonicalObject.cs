using System.Buffers;
using System.Globalization;
using System.Text;

namespace HealthMLOps.Audit;

/// <summary>Writes one flat JSON object in the one form that RFC 8785 allows, so that equal content has equal bytes.</summary>
/// <remarks>Members come in ascending order of their names; absent ones are left out; numbers are whole and exact in a double.</remarks>
public sealed class CanonicalObject
{
    private const long ExactMax = 1L << 53;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private string? _last;

    public CanonicalObject Add(string name, string? value)
    {
        if (value is null) return this;
        Name(name);
        Text(value);
        return this;
    }

    public CanonicalObject Add(string name, long value)
    {
        if (value is > ExactMax or < -ExactMax) throw new ArgumentException($"Member '{name}' is {value}; canonical JSON is exact up to {ExactMax}.");
        Name(name);
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        _bytes.Write(digits[..length]);
        return this;
    }

    /// <summary>The whole object.</summary>
    public byte[] ToBytes()
    {
        _bytes.Write(_last is null ? "{}"u8 : "}"u8);
        return _bytes.WrittenSpan.ToArray();
    }

    private void Name(string name)
    {
        if (_last is not null && string.CompareOrdinal(_last, name) >= 0) throw new ArgumentException($"Member '{name}' comes after '{_last}'; canonical JSON sorts them.");
        _bytes.Write(_last is null ? "{"u8 : ","u8);
        _last = name;
        Text(name);
        _bytes.Write(":"u8);
    }

    /// <remarks>RFC 8785, 3.2.2.2: only what JSON must escape is escaped, shortest form first.</remarks>
    private void Text(string value)
    {
        _bytes.Write("\""u8);
        var plain = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var letter = value[i];
            if (char.IsHighSurrogate(letter) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1])) { i++; continue; }
            if (char.IsSurrogate(letter)) throw new ArgumentException("Text holds half a character (a lone surrogate); canonical JSON can't say it.");
            if (letter is >= ' ' and not ('"' or '\\')) continue;
            Plain(value.AsSpan(plain, i - plain));
            Plain(Escaped(letter));
            plain = i + 1;
        }
        Plain(value.AsSpan(plain));
        _bytes.Write("\""u8);
    }

    private void Plain(ReadOnlySpan<char> text) => _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private static string Escaped(char letter) => letter switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)letter:x4}",
    };
}
