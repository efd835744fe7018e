using System.Diagnostics.CodeAnalysis;

namespace HealthMLOps.Access;

/// <summary>One resource scope of SMART App Launch 2: <c>system/Observation.rs?category=…|vital-signs</c>, or version 1's <c>.read</c>, <c>.write</c>, <c>.*</c>.</summary>
/// <param name="Context"><c>system</c>, <c>user</c> or <c>patient</c>.</param>
/// <param name="ResourceType">A FHIR type, or <c>*</c>.</param>
/// <param name="Interactions">What it allows.</param>
/// <param name="Category">Only resources of this category; null = all.</param>
public sealed record SmartScope(string Context, string ResourceType, Interactions Interactions, string? Category)
{
    /// <summary>Where the categories of Observation are defined.</summary>
    public const string CategorySystem = "http://terminology.hl7.org/CodeSystem/observation-category";

    /// <summary>A longer text is no scope.</summary>
    public const int LettersMax = 256;

    private const string AnyType = "*";
    private const string Order = "cruds";
    private static readonly string[] Contexts = ["system", "user", "patient"];

    /// <summary>Whether it opens every type.</summary>
    public bool IsWildcard => ResourceType == AnyType;

    /// <summary>Reads a scope; false for anything that is not exactly one. What we can't honour (another search parameter than category) is refused, not widened.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmartScope? scope)
    {
        scope = null;
        if (text.Length > LettersMax) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = slash < 0 ? -1 : text.IndexOf('.', slash);
        if (dot < 0 || !Contexts.Contains(text[..slash])) return false;
        var question = text.IndexOf('?', dot);
        var type = text[(slash + 1)..dot];
        if (type != AnyType && !IsTypeName(type)) return false;
        if (Read(question < 0 ? text[(dot + 1)..] : text[(dot + 1)..question]) is not { } interactions) return false;
        string? category = null;
        if (question >= 0 && (type == AnyType || !TryCategory(text[(question + 1)..], out category))) return false;
        scope = new SmartScope(text[..slash], type, interactions, category);
        return true;
    }

    /// <summary>Whether this scope alone allows all that is needed.</summary>
    public bool Covers(ScopeNeed need) =>
        (IsWildcard || string.Equals(ResourceType, need.ResourceType, StringComparison.Ordinal))
        && (Interactions & need.Interactions) == need.Interactions
        && (Category is null || string.Equals(Category, need.Category, StringComparison.Ordinal));

    /// <summary>Whether all that the other allows is allowed here too.</summary>
    public bool Contains(SmartScope other) =>
        Context == other.Context && (IsWildcard || ResourceType == other.ResourceType)
        && (Interactions & other.Interactions) == other.Interactions && (Category is null || Category == other.Category);

    /// <summary>In version 2's words, whatever it was read from.</summary>
    public override string ToString() =>
        $"{Context}/{ResourceType}.{Letters(Interactions)}" + (Category is null ? "" : $"?category={CategorySystem}|{Category}");

    internal static string Letters(Interactions interactions) =>
        string.Concat(Order.Where((_, place) => ((int)interactions >> place & 1) == 1));

    private static bool IsTypeName(string text) => text.Length is > 1 and <= 64 && char.IsAsciiLetterUpper(text[0]) && text.All(char.IsAsciiLetter);

    private static Interactions? Read(string text)
    {
        switch (text)
        {
            case "read": return Interactions.Read | Interactions.Search;
            case "write": return Interactions.Create | Interactions.Update | Interactions.Delete;
            case "*": return Interactions.All;
        }
        var (read, last) = (Interactions.None, -1);
        foreach (var letter in text)
        {
            var place = Order.IndexOf(letter, StringComparison.Ordinal);
            if (place <= last) return null; // Unknown, repeated or out of order: SMART v2 knows one spelling.
            (read, last) = (read | (Interactions)(1 << place), place);
        }
        return read == Interactions.None ? null : read;
    }

    private static bool TryCategory(string query, [NotNullWhen(true)] out string? category)
    {
        category = null;
        const string start = "category=" + CategorySystem + "|";
        if (!query.StartsWith(start, StringComparison.Ordinal)) return false;
        var code = query[start.Length..];
        if (code.Length is 0 or > 40 || !code.All(letter => char.IsAsciiLetterLower(letter) || letter == '-')) return false;
        category = code;
        return true;
    }
}
