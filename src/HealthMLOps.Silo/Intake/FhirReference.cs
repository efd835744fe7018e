using System.Buffers;

namespace HealthMLOps.Intake;

/// <summary>Reads the spellings of a FHIR reference: relative, absolute, versioned, <c>urn:uuid</c>, conditional.</summary>
internal static class FhirReference
{
    public const int IdLettersMax = 64;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    public static bool IsId(ReadOnlySpan<char> text) => text.Length is > 0 and <= IdLettersMax && !text.ContainsAnyExcept(IdLetters);

    /// <summary>The target, or the reason why it is not known.</summary>
    public static (ResolvedReference? Target, string? Problem) Resolve(string text, ReferenceScope scope, SourceProfile source)
    {
        if (scope.TryFullUrl(text, out var inBundle)) return (inBundle, null);
        if (text.StartsWith("urn:", StringComparison.Ordinal)) return (null, "the urn names no entry of this bundle");
        if (text.Contains('?', StringComparison.Ordinal))
            return scope.Conditional(text) is { } found ? (found, null) : (null, "a conditional reference must name exactly one entry of this bundle by identifier");
        var path = WithoutVersion(text);
        if (path.Length != text.Length && scope.TryFullUrl(path, out inBundle)) return (inBundle, null);
        return Split(path) is not { } parts ? (null, "expected Type/id")
            : parts.Base.Length > 0 && !source.IsOwnBase(parts.Base) ? (null, "it points to another server than this source")
            : (new ResolvedReference(parts.Type, parts.Id), null);
    }

    public static string WithoutVersion(string reference)
    {
        var history = reference.IndexOf("/_history/", StringComparison.Ordinal);
        return history < 0 ? reference : reference[..history];
    }

    /// <summary>Base, type and id of <c>[base/]Type/id</c>; a sender's <c>Type/Type/id</c> is read as <c>Type/id</c>.</summary>
    public static (string Base, string Type, string Id)? Split(string path)
    {
        var beforeId = path.LastIndexOf('/');
        if (beforeId <= 0 || !IsId(path.AsSpan(beforeId + 1))) return null;
        var beforeType = path.LastIndexOf('/', beforeId - 1);
        var type = path[(beforeType + 1)..beforeId];
        if (type.Length == 0 || !char.IsAsciiLetterUpper(type[0]) || type.AsSpan().ContainsAnyExcept(IdLetters)) return null;
        var rest = beforeType <= 0 ? "" : path[..beforeType];
        return (string.Equals(rest, type, StringComparison.Ordinal) ? "" : rest, type, path[(beforeId + 1)..]);
    }
}
