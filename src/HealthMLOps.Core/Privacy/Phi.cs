using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace HealthMLOps.Privacy;

/// <summary>A text that names a person: an EHR's id, a reference, a name. It is carried closed and opened only where it is read, sealed or answered.</summary>
/// <remarks>
/// Whatever renders it (interpolation, an exception's message, a log's <c>{x}</c> and <c>{@x}</c>, JSON, a debugger) gives
/// <see cref="Mark"/>; it has no public member that holds the text, and no codec that would let it into a grain call.
/// Any text becomes one by itself; back it comes only through <see cref="Reveal"/>, and a house rule lists who calls that.
/// </remarks>
[JsonConverter(typeof(PhiMark)), DebuggerDisplay(Mark)]
public sealed class Phi : IEquatable<Phi>
{
    public const string Mark = "[identified]";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    private Phi(string text) => _text = text;

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Phi?(string? text) => text is null ? null : new Phi(text);

    /// <summary>Reads a route's or query's value, which identifies from the first moment on.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out Phi phi)
    {
        phi = text;
        return phi is not null;
    }

    public bool IsEmpty => _text.Length == 0;

    /// <summary>The text itself.</summary>
    public string Reveal() => _text;

    public override string ToString() => Mark;

    public bool Equals(Phi? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Phi);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(Phi? left, Phi? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Phi? left, Phi? right) => !(left == right);
}
