using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>This silo's key for checkpoints, in <c>keys/audit</c> of its data folder. Old public keys stay known, so that what they signed still verifies.</summary>
public sealed class AuditSigner(SiloSettings settings, Settings stored, CheckpointStore checkpoints, ClinicalClock clock)
{
    public const string OriginSetting = "audit-origin";

    private const int OriginBytes = 6;

    private string KeyFile => Path.Combine(settings.DataFolder, "keys", "audit");

    /// <summary>The log's name: the same on all silos, for ever.</summary>
    public Task<string> Origin(CancellationToken cancellation) =>
        stored.GetOrSet(OriginSetting, "healthml/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(OriginBytes)), cancellation);

    /// <summary>Signs, after making the public key known.</summary>
    public async Task<SignedCheckpoint> Sign(long size, byte[] root, CancellationToken cancellation)
    {
        var origin = await Origin(cancellation);
        using var secret = Secret();
        var key = new AuditKey(origin, secret.ExportSubjectPublicKeyInfo());
        await checkpoints.Add(key, clock.Now, cancellation);
        var checkpoint = new Checkpoint(origin, size, root, clock.Now.ToUniversalTime());
        return SignedCheckpoint.Of(checkpoint, key, secret.SignData(Encoding.UTF8.GetBytes(checkpoint.Body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>The id of the key that signs now.</summary>
    public async Task<string> Current(CancellationToken cancellation)
    {
        using var secret = Secret();
        return new AuditKey(await Origin(cancellation), secret.ExportSubjectPublicKeyInfo()).IdText;
    }

    /// <summary>Puts a new key in the old one's place, which is kept beside it under its id.</summary>
    /// <returns>The new public key.</returns>
    public async Task<AuditKey> Rotate(CancellationToken cancellation)
    {
        var origin = await Origin(cancellation);
        using (var old = Secret())
        {
            var former = new AuditKey(origin, old.ExportSubjectPublicKeyInfo());
            await checkpoints.Add(former, clock.Now, cancellation);
            File.Move(KeyFile, $"{KeyFile}.{former.IdText}.retired", overwrite: true);
        }
        using var fresh = Secret();
        var key = new AuditKey(origin, fresh.ExportSubjectPublicKeyInfo());
        await checkpoints.Add(key, clock.Now, cancellation);
        return key;
    }

    private ECDsa Secret()
    {
        var secret = ECDsa.Create();
        secret.ImportFromPem(SecretFiles.ReadOrCreate(KeyFile, () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportPkcs8PrivateKeyPem();
        }));
        return secret;
    }
}
