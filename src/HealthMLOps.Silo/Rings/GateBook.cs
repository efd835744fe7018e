using System.Collections.Frozen;
using System.Collections.Immutable;

namespace HealthMLOps.Rings;

/// <summary>Collects the evidence that a gate asks for from all sources.</summary>
public sealed class GateBook(IEnumerable<IGateSource> sources)
{
    private readonly FrozenDictionary<string, IGateSource> _byCriterion =
        sources.SelectMany(s => s.Criteria.Select(c => (Criterion: c, Source: s))).ToFrozenDictionary(s => s.Criterion, s => s.Source, StringComparer.Ordinal);

    /// <summary>One piece of evidence for each criterion of the ring, judged.</summary>
    public async Task<ImmutableArray<GateEvidence>> Evidence(RingRule ring, Placement placement, CancellationToken cancellation)
    {
        var evidence = ImmutableArray.CreateBuilder<GateEvidence>(ring.Gates.Length);
        foreach (var gate in ring.Gates)
            evidence.Add(gate.Judge(_byCriterion.TryGetValue(gate.Criterion, out var source) ? await source.Measure(gate.Criterion, placement, cancellation) : null));
        return evidence.ToImmutable();
    }
}
