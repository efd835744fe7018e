using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace HealthMLOps.Privacy;

/// <summary>The installation's key-encryption keys: ASP.NET Core Data Protection over keys in the database, which the root key file seals.</summary>
/// <remarks>
/// AES-256-GCM. The newest key protects, every key opens what it protected, and a new one begins by itself before the newest
/// expires. All silos of a cluster share the ring; one that meets a key it has not seen reads the ring anew.
/// </remarks>
public sealed class KeyRing : IDisposable
{
    private const string Application = "healthml";

    /// <summary>Protected bytes begin with 4 bytes that mark Data Protection, then 16 of the key's id, little-endian.</summary>
    private const int MagicBytes = 4;
    private const int IdBytes = 16;

    private readonly IXmlRepository _stored;
    private readonly RingRoot _root;
    private readonly Lock _gate = new();

    /// <summary>Keys that did not open something at first, and for which the ring was read anew.</summary>
    private readonly ConcurrentDictionary<Guid, bool> _met = new();

    private volatile ServiceProvider _ring;

    /// <param name="stored">Where the keys are kept.</param>
    /// <param name="rootKey">What seals them there: 32 bytes out of a file that never enters the database.</param>
    public KeyRing(IXmlRepository stored, byte[] rootKey)
    {
        (_stored, _root) = (stored, new RingRoot(rootKey));
        _ring = Read();
    }

    /// <summary>Every key, newest first.</summary>
    public IReadOnlyList<RingKey> Keys =>
        [.. Manager.GetAllKeys().OrderByDescending(k => k.CreationDate).Select(k => new RingKey(k.KeyId, k.CreationDate, k.ActivationDate, k.ExpirationDate))];

    private IKeyManager Manager => _ring.GetRequiredService<IKeyManager>();

    /// <param name="plain">What to encrypt.</param>
    /// <param name="purpose">What it is; opening for another purpose fails.</param>
    public byte[] Protect(byte[] plain, string purpose) => Protector(purpose).Protect(plain);

    /// <exception cref="CryptographicException">The bytes were changed, are for another purpose, or their key is gone.</exception>
    public byte[] Unprotect(byte[] sealedBytes, string purpose)
    {
        try { return Protector(purpose).Unprotect(sealedBytes); }
        catch (CryptographicException) when (_met.TryAdd(KeyOf(sealedBytes), true))
        {
            // Another silo's key may be newer than the ring that is held here, which lasts a day by itself: once for each key, it is read anew.
            try { Refresh(); }
            catch
            {
                _met.TryRemove(KeyOf(sealedBytes), out _);
                throw;
            }
            return Protector(purpose).Unprotect(sealedBytes);
        }
    }

    /// <summary>The id of the key that protected these bytes.</summary>
    public static Guid KeyOf(ReadOnlySpan<byte> sealedBytes) =>
        sealedBytes.Length > MagicBytes + IdBytes ? new Guid(sealedBytes.Slice(MagicBytes, IdBytes)) : Guid.Empty;

    /// <summary>Begins a new key now; what former keys protected opens as before.</summary>
    /// <param name="now">The wall clock's time.</param>
    public RingKey Rotate(DateTimeOffset now)
    {
        var key = Manager.CreateNewKey(now, now + TimeSpan.FromDays(90));
        Refresh();
        return new RingKey(key.KeyId, key.CreationDate, key.ActivationDate, key.ExpirationDate);
    }

    public void Dispose() => _ring.Dispose();

    private void Refresh()
    {
        // The former ring stays whole for those who are inside it; the collector takes it.
        lock (_gate) _ring = Read();
    }

    private IDataProtector Protector(string purpose) => _ring.GetRequiredService<IDataProtectionProvider>().CreateProtector(Application, purpose);

    private ServiceProvider Read()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(_root);
        services.AddDataProtection().SetApplicationName(Application).UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration
        {
            EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM,
        });
        services.Configure<KeyManagementOptions>(options => (options.XmlRepository, options.XmlEncryptor) = (_stored, new RootXmlEncryptor(_root)));
        return services.BuildServiceProvider();
    }
}
