using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HealthMLOps.Training;

/// <summary>Puts each patient into one part of the cross-validation, whatever the order of the rows.</summary>
public static class Folds
{
    /// <returns>0 to <paramref name="folds"/> - 1, by a hash of the group and the seed: adding patients moves nobody.</returns>
    public static int Of(string group, int seed, int folds)
    {
        var text = Encoding.UTF8.GetBytes($"{seed}:{group}");
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text)) % (ulong)folds);
    }
}
