using System.Collections.Immutable;

namespace HealthMLOps.Access;

/// <summary>The scopes of one token. Scopes that we don't know give nothing.</summary>
public sealed class ScopeSet
{
    /// <summary>More scopes in one request are refused.</summary>
    public const int ScopesMax = 64;

    private readonly ImmutableArray<SmartScope> _scopes;

    private ScopeSet(ImmutableArray<SmartScope> scopes) => _scopes = scopes;

    public ImmutableArray<SmartScope> Scopes => _scopes;

    /// <summary>The resource scopes in a list of words; the others are left out.</summary>
    public static ScopeSet Of(IEnumerable<string> words) =>
        new([.. words.Take(ScopesMax).Select(word => SmartScope.TryParse(word, out var scope) ? scope : null).OfType<SmartScope>()]);

    /// <summary>Whether each need is covered by one of the scopes.</summary>
    public bool Covers(IEnumerable<ScopeNeed> needs) => needs.All(need => _scopes.Any(scope => scope.Covers(need)));

    /// <summary>The first need that no scope covers.</summary>
    public ScopeNeed? FirstUncovered(IEnumerable<ScopeNeed> needs) => needs.FirstOrDefault(need => !_scopes.Any(scope => scope.Covers(need)));

    /// <summary>Those of the asked scopes that this set, as registered, contains: a token may get less than it asks for and never more.</summary>
    public ImmutableArray<SmartScope> Grantable(IEnumerable<string> asked) =>
        [.. Of(asked)._scopes.Where(scope => _scopes.Any(registered => registered.Contains(scope)))];
}
