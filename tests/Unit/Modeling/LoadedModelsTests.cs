using HealthMLOps.Models;

namespace HealthMLOps.Tests.Unit.Modeling;

public sealed class LoadedModelsTests
{
    private static readonly ModelVersion Version = new("deterioration", 1);
    private static readonly ModelPackage Package = ModelPackage.Pack(AContract.ForMatrix("X", 1, "p"), GoldenOnnx.Valid("identity_with_metadata"));

    [Fact]
    public void All_who_rent_a_version_share_one_session()
    {
        using var models = new LoadedModels();
        using var one = models.Rent(Version, Package);
        using var two = models.Rent(Version, Package);
        Assert.Same(one.Session, two.Session);
    }

    [Fact]
    public void A_retired_version_still_scores_for_those_who_hold_a_lease()
    {
        using var models = new LoadedModels();
        var lease = models.Rent(Version, Package);
        models.Retire(Version);
        Assert.Equal(0.25, lease.Session.Score([0.25]).Score);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Session.Score([0.25]));
        using var next = models.Rent(Version, Package);
        Assert.NotSame(lease.Session, next.Session);
    }

    [Fact]
    public void A_version_never_changes_its_package_silently()
    {
        using var models = new LoadedModels();
        using var lease = models.Rent(Version, Package);
        var other = ModelPackage.Pack(Package.Contract with { Threshold = 0.7 }, Package.Onnx);
        Assert.Throws<PackageRefused>(() => models.Rent(Version, other));
    }

    [Fact]
    public void A_package_that_failed_to_load_does_not_block_its_repair()
    {
        using var models = new LoadedModels();
        Assert.Throws<PackageRefused>(() => models.Rent(Version, ModelPackage.Pack(Package.Contract, GoldenOnnx.Invalid("unknown_operator"))));
        using var lease = models.Rent(Version, Package);
        Assert.NotNull(lease.Session.Score([0.25]).Score);
    }

    [Fact]
    public async Task Renting_and_retiring_from_many_threads_never_breaks_a_lease()
    {
        using var models = new LoadedModels();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var lease = models.Rent(Version, Package);
                if ((i + thread) % 3 == 0) models.Retire(Version);
                Assert.Equal(0.5, lease.Session.Score([0.5]).Score);
            }
        }, TestContext.Current.CancellationToken)));
    }
}
