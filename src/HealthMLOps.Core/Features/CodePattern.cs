using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>A code, or with a star all codes that begin with it: "icd-10-cm|I50*", "snomed|84114007".</summary>
public sealed record CodePattern(string System, string Code, CodeMatch Match)
{
    /// <summary>Null where the text is not "system|code".</summary>
    public static CodePattern? Parse(string text)
    {
        var bar = text.LastIndexOf('|');
        if (bar <= 0) return null;
        var isPrefix = text.EndsWith('*');
        var code = text[(bar + 1)..(isPrefix ? ^1 : ^0)];
        if (code.Length == 0 || code.Contains('*', StringComparison.Ordinal)) return null;
        var normal = CodeSystems.Normal(text[..bar], code);
        return new CodePattern(normal.System, normal.Code, isPrefix ? CodeMatch.Prefix : CodeMatch.Whole);
    }

    public bool Matches(Coding coding) =>
        coding.System == System && (Match == CodeMatch.Whole ? coding.Code == Code : coding.Code.StartsWith(Code, StringComparison.Ordinal));

    /// <summary>Whether any pattern matches any coding; no patterns match everything.</summary>
    public static bool AnyMatches(ImmutableArray<CodePattern> patterns, ImmutableArray<Coding> codings)
    {
        if (patterns.IsEmpty) return true;
        foreach (var pattern in patterns)
            foreach (var coding in codings)
                if (pattern.Matches(coding)) return true;
        return false;
    }

    public override string ToString() => Match == CodeMatch.Whole ? $"{System}|{Code}" : $"{System}|{Code}*";
}

public enum CodeMatch { Whole, Prefix }
