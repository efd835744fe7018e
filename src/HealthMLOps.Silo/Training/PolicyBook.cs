using System.Collections.Frozen;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Training;

/// <summary>The configured cohorts, labels and model purposes, by name.</summary>
public sealed class PolicyBook
{
    public PolicyBook(PolicyFolder policy)
    {
        Cohorts = ByName(policy.Read<CohortDefinition>("cohorts"), c => c.Name);
        Labels = ByName(policy.Read<LabelDefinition>("labels"), l => l.Name);
        Purposes = ByName(policy.Read<ModelPurpose>("models"), p => p.Model);
    }

    public FrozenDictionary<string, CohortDefinition> Cohorts { get; }
    public FrozenDictionary<string, LabelDefinition> Labels { get; }
    public FrozenDictionary<string, ModelPurpose> Purposes { get; }

    private static FrozenDictionary<string, T> ByName<T>(IReadOnlyList<T> items, Func<T, string> name)
    {
        var twice = items.GroupBy(name).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? items.ToFrozenDictionary(name, StringComparer.Ordinal)
            : throw new InvalidConfiguration($"{typeof(T).Name} '{twice.Key}' is defined {twice.Count()} times; once is allowed.");
    }
}
