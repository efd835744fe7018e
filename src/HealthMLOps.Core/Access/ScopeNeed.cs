namespace HealthMLOps.Access;

/// <summary>What a token must cover for one act on one type of resource.</summary>
/// <param name="ResourceType">A FHIR R4 type.</param>
/// <param name="Interactions">All of these are needed.</param>
/// <param name="Category">The code of <c>Observation.category</c> that is touched; null = any, so that a scope narrowed by category does not cover it.</param>
public sealed record ScopeNeed(string ResourceType, Interactions Interactions, string? Category = null)
{
    /// <summary>The narrowest scope that covers it.</summary>
    public string ToScope(string context) =>
        $"{context}/{ResourceType}.{SmartScope.Letters(Interactions)}" + (Category is null ? "" : $"?category={SmartScope.CategorySystem}|{Category}");
}
