using HealthMLOps.Features;
using HealthMLOps.Intake;

namespace HealthMLOps.Access;

/// <summary>What a scoped token must cover for each kind of request.</summary>
public static class ScopeOf
{
    private const Interactions ReadAndSearch = Interactions.Read | Interactions.Search;

    public static IEnumerable<ScopeNeed> Risk(HttpContext http) => [new ScopeNeed("RiskAssessment", ReadAndSearch)];

    public static IEnumerable<ScopeNeed> Patient(HttpContext http) => [new ScopeNeed("Patient", Interactions.Read)];

    /// <summary>All that the asked set is computed from: who may not read an input may not read what is made of it.</summary>
    public static IEnumerable<ScopeNeed> FeatureSet(HttpContext http)
    {
        var library = http.RequestServices.GetRequiredService<FeatureLibrary>();
        var set = http.Request.Query["set"].ToString();
        return library.Has(set) ? MinimumNecessary.Of(library.Named(set)) : Patient(http);
    }

    /// <summary>The type that the address names; a bundle may hold any type, so it needs all of them.</summary>
    public static IEnumerable<ScopeNeed> Writing(HttpContext http)
    {
        var needed = HttpMethods.IsDelete(http.Request.Method) ? Interactions.Delete : Interactions.Create | Interactions.Update;
        return http.GetRouteValue("type") is string type ? [new ScopeNeed(type, needed)] : CapabilityEndpoint.Taken.Select(any => new ScopeNeed(any, needed));
    }
}
