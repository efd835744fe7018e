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

    /// <summary>The type that the address names.</summary>
    public static IEnumerable<ScopeNeed> Writing(HttpContext http) =>
        http.GetRouteValue("type") is string type ? [HttpMethods.IsDelete(http.Request.Method) ? Deleting(type) : Putting(type)] : CapabilityEndpoint.Taken.Select(Putting);

    /// <summary>A bundle may hold any type: who may write one of them may send it, and each entry is then judged by its own (<see cref="BundleScope"/>).</summary>
    public static IEnumerable<ScopeNeed> Bundle(HttpContext http)
    {
        var scopes = ScopeSet.Of(http.Caller().Scopes ?? []);
        var any = CapabilityEndpoint.Taken.SelectMany(type => new[] { Putting(type), Deleting(type) }).ToList();
        return any.Where(need => scopes.Covers([need])).DefaultIfEmpty(any[0]).Take(1);
    }

    public static ScopeNeed Putting(string type) => new(type, Interactions.Create | Interactions.Update);

    public static ScopeNeed Deleting(string type) => new(type, Interactions.Delete);
}
