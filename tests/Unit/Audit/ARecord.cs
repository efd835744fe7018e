using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;

namespace HealthMLOps.Tests.Unit.Audit;

/// <summary>A record of some writers, its keys, and the file that an auditor gets.</summary>
internal sealed class ARecord : IDisposable
{
    public const string Origin = "healthml/test";
    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<long, (long Sequence, byte[] Digest)> _writers = [];

    public ARecord() => Key = new AuditKey(Origin, _secret.ExportSubjectPublicKeyInfo());

    public AuditKey Key { get; }

    public List<AuditEvent> Events { get; } = [];

    public MerkleFrontier Tree { get; } = new();

    public List<SignedCheckpoint> Checkpoints { get; } = [];

    /// <summary>A record with so many events of two writers, and a checkpoint after each few.</summary>
    public static ARecord Of(int events, int between)
    {
        var record = new ARecord();
        for (var i = 0; i < events; i++)
        {
            record.Add(1 + i % 3 / 2, Noon.AddSeconds(i));
            if ((i + 1) % between == 0 || i + 1 == events) record.Sign();
        }
        return record;
    }

    public AuditEvent Add(long writer, DateTimeOffset at)
    {
        var (sequence, previous) = _writers.GetValueOrDefault(writer, (0, AuditEvent.NoPrevious));
        var entry = new AuditEntry(at, $"p-{Events.Count % 5}", "account", "bedside-clinician", "TREAT", "risk.read", "ok")
        {
            Patient = PatientKey.Of(new ResourceKey((ulong)Events.Count * 0x9E3779B97F4A7C15, 7)), Correlation = $"req-{Events.Count}",
        };
        var added = new AuditEvent(new AuditPlace(writer, sequence + 1), previous, entry, Events.Count % 4 == 0 ? SHA256.HashData([(byte)Events.Count]) : null);
        _writers[writer] = (sequence + 1, added.Digest());
        Events.Add(added);
        Tree.Append(added.Digest());
        return added;
    }

    public SignedCheckpoint Sign() => Signed(new Checkpoint(Origin, Tree.Size, Tree.Root, Noon.AddHours(1).AddSeconds(Tree.Size)), keep: Checkpoints);

    /// <summary>A checkpoint with another root, by the same key: a second story.</summary>
    public SignedCheckpoint Fork(long size) => Signed(new Checkpoint(Origin, size, MerkleHash.Leaf([1, 2, 3]), Noon), keep: []);

    public List<string> Lines()
    {
        var lines = new List<string> { Text(new ExportHeader(Origin, 0, Events.Count, []).ToLine()) };
        for (var i = 0; i < Events.Count; i++)
        {
            lines.Add(Text(ExportLine.Of(i, Events[i].Digest(), Events[i].ToBytes())));
            lines.AddRange(Checkpoints.Where(c => c.Checkpoint.Size == i + 1).Select(c => Text(ExportLine.Of(c))));
        }
        return lines;
    }

    public Task<AuditVerdict> Verify(IEnumerable<string> lines, params SignedCheckpoint[] outside) =>
        Verify(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), outside);

    public async Task<AuditVerdict> Verify(byte[] file, params SignedCheckpoint[] outside)
    {
        using var stream = new MemoryStream(file);
        return await ExportReader.Verify(stream, new ExportVerifier([Key], outside), CancellationToken.None);
    }

    public void Dispose() => _secret.Dispose();

    private SignedCheckpoint Signed(Checkpoint checkpoint, List<SignedCheckpoint> keep)
    {
        var signature = _secret.SignData(Encoding.UTF8.GetBytes(checkpoint.Body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        keep.Add(SignedCheckpoint.Of(checkpoint, Key, signature));
        return keep[^1];
    }

    private static string Text(byte[] line) => Encoding.UTF8.GetString(line);
}
