using System.Collections.Concurrent;

namespace HealthMLOps.Models;

/// <summary>The sessions of this process: one for each model version, shared by all who score with it.</summary>
/// <remarks>Safe for many threads. A version is loaded by the first who rents it, and stays until <see cref="Retire"/>.</remarks>
public sealed class LoadedModels : IDisposable
{
    private readonly ConcurrentDictionary<ModelVersion, Lazy<ScoringSession>> _sessions = new();

    /// <summary>Lends the version's session; it stays loaded at least until the lease is disposed.</summary>
    /// <exception cref="PackageRefused">The package can't be loaded, or another package is loaded under this version.</exception>
    public ModelLease Rent(ModelVersion version, ModelPackage package)
    {
        while (true)
        {
            var lazy = _sessions.GetOrAdd(version, _ => new Lazy<ScoringSession>(() => ScoringSession.Load(package)));
            ScoringSession session;
            try
            {
                session = lazy.Value;
            }
            catch
            {
                _sessions.TryRemove(new(version, lazy)); // The failure must not be remembered: a repaired package may follow.
                throw;
            }
            if (session.Digest != package.Digest)
                throw new PackageRefused($"{version} is loaded from package {session.Digest}; asked for: {package.Digest}. Retire it first.");
            if (session.TryEnter())
            {
                // Retired while it was being loaded: nobody else will free it after this lease.
                if (!_sessions.TryGetValue(version, out var current) || current != lazy) session.Dispose();
                return new ModelLease(session);
            }
            _sessions.TryRemove(new(version, lazy)); // Retired between our look and our step in: load it anew.
        }
    }

    /// <summary>Whether a session of the version is ready here.</summary>
    public bool IsLoaded(ModelVersion version) => _sessions.TryGetValue(version, out var lazy) && lazy.IsValueCreated;

    /// <summary>Forgets the version; its session is freed when the last lease is returned. A repeat does nothing.</summary>
    public void Retire(ModelVersion version)
    {
        if (_sessions.TryRemove(version, out var lazy) && lazy.IsValueCreated) lazy.Value.Dispose();
    }

    public void Dispose()
    {
        foreach (var version in _sessions.Keys) Retire(version);
    }
}
