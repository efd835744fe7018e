using HealthMLOps.Storage;

namespace HealthMLOps.Models;

/// <summary>Brings a serving version's package from storage and lends its session.</summary>
public sealed class ScoringSessions(PlanBoard plans, PackageStore packages, LoadedModels loaded)
{
    /// <exception cref="PackageRefused">The version does not serve here, or its package is missing, changed or unusable.</exception>
    public async Task<ModelLease> Rent(ModelVersion version, CancellationToken cancellation)
    {
        var served = plans.Current.Find(version) ?? throw new PackageRefused($"{version} does not serve on this silo.");
        var bytes = await packages.Get(served.PackageDigest, cancellation)
            ?? throw new PackageRefused($"The package of {version} is not in storage: {served.PackageDigest}.");
        return loaded.Rent(version, ModelPackage.Open(bytes, served.PackageDigest));
    }
}
