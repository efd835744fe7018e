using System.Collections.Concurrent;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>One object for each coding, since a hospital's stream repeats a few thousand of them millions of times.</summary>
internal sealed class CodingCache
{
    /// <summary>Beyond it codings are made anew each time, so that hostile input can't fill memory.</summary>
    private const int CodingsMax = 50_000;

    private readonly ConcurrentDictionary<(string System, string Code), Coding> _codings = new();

    public Coding Normal(string system, string code)
    {
        if (_codings.TryGetValue((system, code), out var coding)) return coding;
        coding = CodeSystems.Normal(system, code);
        if (_codings.Count < CodingsMax) _codings[(system, code)] = coding;
        return coding;
    }
}
