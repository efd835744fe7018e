using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthMLOps.Models;

/// <summary>A contract as JSON with its schema version: the same contract always gives the same bytes.</summary>
/// <remarks>A change of the contract's members that old files don't have, or that old readers would overlook, raises <see cref="SchemaVersion"/>.</remarks>
public static class ContractJson
{
    public const int SchemaVersion = 1;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions Reading = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public static byte[] Write(ModelContract contract) =>
        JsonSerializer.SerializeToUtf8Bytes(new Versioned(SchemaVersion, contract), Format);

    /// <exception cref="PackageRefused">The text is no contract of a schema version that we know.</exception>
    public static ModelContract Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Reading);
            var version = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("schemaVersion", out var element)
                && element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : (int?)null;
            if (version != SchemaVersion)
                throw new PackageRefused($"The model contract's schema version is {version?.ToString() ?? "absent"}; allowed: {SchemaVersion}.");
            return document.Deserialize<Versioned>(Format)!.Contract;
        }
        catch (JsonException malformed)
        {
            throw new PackageRefused($"The model contract can't be read at '{malformed.Path ?? "$"}': allowed is JSON of contract schema {SchemaVersion}.");
        }
    }

    private sealed record Versioned(int SchemaVersion, ModelContract Contract);
}
