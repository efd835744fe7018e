using System.Security.Cryptography;

namespace HealthMLOps.Models;

/// <summary>A model as it travels and is signed: contract, ONNX graph and, where there is one, the report of its training.</summary>
/// <remarks>
/// The address is the SHA-256 of the package's bytes; the same parts always make the same bytes. ONNX Runtime loads and scores
/// many bit-flipped models without a word, so nothing is taken from a package before its digest is checked.
/// </remarks>
public sealed class ModelPackage
{
    private const string ContractName = "contract.json", OnnxName = "model.onnx", ReportName = "report.json";

    public const int OnnxBytesMax = 128 << 20;
    public const int ContractBytesMax = 4 << 20;
    public const int ReportBytesMax = 16 << 20;
    public const int PackageBytesMax = OnnxBytesMax + ContractBytesMax + ReportBytesMax + 4096;

    private ModelPackage(string digest, ReadOnlyMemory<byte> bytes, ModelContract contract, ReadOnlyMemory<byte> onnx, ReadOnlyMemory<byte>? report) =>
        (Digest, Bytes, Contract, Onnx, Report) = (digest, bytes, contract, onnx, report);

    /// <summary>SHA-256 of <see cref="Bytes"/>, lower-case hexadecimal.</summary>
    public string Digest { get; }
    public ReadOnlyMemory<byte> Bytes { get; }
    public ModelContract Contract { get; }
    public ReadOnlyMemory<byte> Onnx { get; }

    /// <summary>JSON about how the model was trained; null where nobody knows.</summary>
    public ReadOnlyMemory<byte>? Report { get; }

    /// <exception cref="PackageRefused">A part breaks a rule or a limit.</exception>
    public static ModelPackage Pack(ModelContract contract, ReadOnlyMemory<byte> onnx, ReadOnlyMemory<byte>? report = null)
    {
        ContractRules.Check(contract);
        List<(string, ReadOnlyMemory<byte>)> parts = [(ContractName, ContractJson.Write(contract)), (OnnxName, onnx)];
        if (report is { } text) parts.Add((ReportName, text));
        CheckSizes(parts);
        var bytes = StoredZip.Write(parts);
        return Open(bytes, DigestOf(bytes));
    }

    /// <exception cref="PackageRefused">The bytes are not the package of that digest, or it may not be used.</exception>
    public static ModelPackage Open(ReadOnlyMemory<byte> bytes, string expectedDigest)
    {
        if (bytes.Length > PackageBytesMax) throw new PackageRefused($"The model package has {bytes.Length} bytes; allowed: {PackageBytesMax}.");
        var digest = DigestOf(bytes.Span);
        if (!digest.Equals(expectedDigest, StringComparison.Ordinal))
            throw new PackageRefused($"The model package's SHA-256 is {digest}; expected: {expectedDigest}.");

        var parts = StoredZip.Read(bytes)
            ?? throw new PackageRefused("The model package is not a zip in its one allowed form (entries stored, sorted, without date, comment or extra).");
        CheckSizes(parts);
        var stray = parts.FirstOrDefault(part => part.Name is not (ContractName or OnnxName or ReportName)).Name;
        if (stray is not null) throw new PackageRefused($"The model package holds '{stray}'; allowed: {ContractName}, {OnnxName}, {ReportName}.");

        var contract = ContractJson.Read(Part(parts, ContractName));
        ContractRules.Check(contract);
        var report = parts.Any(part => part.Name == ReportName) ? Part(parts, ReportName) : (ReadOnlyMemory<byte>?)null;
        return new ModelPackage(digest, bytes, contract, Part(parts, OnnxName), report);
    }

    public static string DigestOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static ReadOnlyMemory<byte> Part(IReadOnlyList<(string Name, ReadOnlyMemory<byte> Bytes)> parts, string name)
    {
        foreach (var part in parts)
            if (part.Name == name && part.Bytes.Length > 0) return part.Bytes;
        throw new PackageRefused($"The model package has no '{name}', or an empty one.");
    }

    private static void CheckSizes(IEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> parts)
    {
        foreach (var (name, bytes) in parts)
        {
            var bytesMax = name switch { OnnxName => OnnxBytesMax, ContractName => ContractBytesMax, _ => ReportBytesMax };
            if (bytes.Length > bytesMax) throw new PackageRefused($"'{name}' of the model package has {bytes.Length} bytes; allowed: {bytesMax}.");
        }
    }
}
