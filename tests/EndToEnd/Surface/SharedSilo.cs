using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;
using HealthMLOps.Tests.EndToEnd.Surface;

[assembly: AssemblyFixture(typeof(SharedSilo))]

namespace HealthMLOps.Tests.EndToEnd.Surface;

/// <summary>One running silo on SQLite for the tests of the surface.</summary>
/// <remarks>Shared because a start takes seconds. No test sees another's data: each makes its own ids (<c>A.NewId</c>) and asks for them alone.</remarks>
public sealed class SharedSilo : IAsyncLifetime
{
    private Site? _site;
    private SiloProcess? _silo;

    public SiloProcess Silo => _silo!;

    public Caller Owner => new(Silo, Silo.Site.Owner);

    public Caller Stranger => new(Silo, null);

    public Caller Sender(string source) => new(Silo, Silo.Site.Secret(source));

    public async ValueTask InitializeAsync()
    {
        _site = Site.Make(StorageProvider.Sqlite, null);
        _silo = await _site.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _site?.Dispose();
    }
}
