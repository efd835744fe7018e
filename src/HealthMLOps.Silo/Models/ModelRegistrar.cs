using HealthMLOps.Features;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;

namespace HealthMLOps.Models;

/// <summary>Registers a stored package after it has proved that it loads, scores its golden inputs and fits its feature set.</summary>
public sealed class ModelRegistrar(
    PackageStore packages, FeatureLibrary library, IGrainFactory grains, PlanKeeper keeper, ClinicalClock clock)
{
    /// <exception cref="PackageRefused">The package is missing, changed, does not load, or needs features that are not configured here.</exception>
    public async Task<RegisteredModel> Register(string packageDigest, string by, CancellationToken cancellation)
    {
        var bytes = await packages.Get(packageDigest, cancellation)
            ?? throw new PackageRefused("No stored package has that digest; upload it first with PUT /api/v1/packages.");
        var package = ModelPackage.Open(bytes, packageDigest);
        using (ScoringSession.Load(package)) { } // Loads the graph and checks the golden inputs.
        var contract = package.Contract;
        var features = library.WithHash(contract.FeatureSetHash)
            ?? throw new PackageRefused($"Feature set '{contract.FeatureSet}' with hash {contract.FeatureSetHash} is not configured here.");
        _ = new ServedModel(new ModelVersion(contract.Model, 1), packageDigest, contract, features, "", "");
        var registered = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).Register(contract, packageDigest, clock.Now, by);
        await keeper.Refresh();
        return registered;
    }
}
