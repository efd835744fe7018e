using HealthMLOps.Storage;

namespace HealthMLOps.Models;

/// <summary>Brings a serving version's package from storage and lends its session.</summary>
public sealed class ScoringSessions(PlanBoard plans, PackageStore packages, LoadedModels loaded)
{
    /// <exception cref="PackageRefused">The version does not serve here, or its package is missing, changed or unusable.</exception>
    public Task<ModelLease> Rent(ModelVersion version, CancellationToken cancellation) =>
        Rent(plans.Current.Find(version) ?? throw new PackageRefused($"{version} does not serve on this silo."), cancellation);

    /// <summary>Loads and proves a version, so that it can serve at once when it is asked to.</summary>
    /// <exception cref="PackageRefused">Its package is missing, changed or unusable.</exception>
    public async Task Warm(ServedModel served, CancellationToken cancellation)
    {
        if (loaded.IsLoaded(served.Version)) return;
        using var lease = await Rent(served, cancellation);
    }

    private async Task<ModelLease> Rent(ServedModel served, CancellationToken cancellation)
    {
        var bytes = await packages.Get(served.PackageDigest, cancellation)
            ?? throw new PackageRefused($"The package of {served.Version} is not in storage: {served.PackageDigest}.");
        return loaded.Rent(served.Version, ModelPackage.Open(bytes, served.PackageDigest));
    }
}
