using System.Collections.Frozen;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary>The ring policies of <c>config/rings</c>, checked at start.</summary>
public sealed class RingBook
{
    private readonly FrozenDictionary<string, RingPolicy> _byModel;
    private readonly RingPolicy _otherwise;

    /// <exception cref="InvalidConfiguration">A policy is too lax, two are for one model, or none is for the rest.</exception>
    public RingBook(PolicyFolder policy, SiloSettings settings)
    {
        var policies = policy.Read<RingPolicy>("rings");
        foreach (var one in policies) one.Check(settings.Command == SiloCommand.Demo);
        var twice = policies.SelectMany(p => p.Models).GroupBy(m => m).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new InvalidConfiguration($"Model '{twice.Key}' is named by {twice.Count()} ring policies; one is allowed.");
        var open = policies.Where(p => p.Models.IsEmpty).ToList();
        _otherwise = open.Count == 1 ? open[0]
            : throw new InvalidConfiguration($"{open.Count} ring policies name no models; exactly one must, for every model that no other names.");
        _byModel = policies.SelectMany(p => p.Models.Select(m => (Model: m, Policy: p))).ToFrozenDictionary(p => p.Model, p => p.Policy, StringComparer.Ordinal);
    }

    public RingPolicy Of(string model) => _byModel.GetValueOrDefault(model, _otherwise);

    /// <summary>What must be confirmed before a halt of this scope is lifted: the model's own list, else the general one.</summary>
    public RingPolicy Of(HaltScope scope) => scope.Kind switch
    {
        HaltKind.Model => Of(scope.Target),
        HaltKind.Version => Of(Models.ModelVersion.Parse(scope.Target).Model),
        _ => _otherwise,
    };
}
