using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using HealthMLOps.Clinical;
using NJsonSchema;

namespace HealthMLOps.Hosting;

/// <summary>The clinical policy files (<c>config/</c>): JSON, each checked against its schema before anything starts.</summary>
public sealed class PolicyFolder
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // The schema has refused what is unknown; "$schema" stays.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new DurationConverter() },
    };

    private readonly IReadOnlyList<PolicyFile> _files;

    private PolicyFolder(string path, IReadOnlyList<PolicyFile> files) => (Path, _files) = (path, files);

    public string Path { get; }

    /// <summary>Reads and checks a whole policy folder.</summary>
    /// <param name="path">The folder; null = the one shipped beside the program.</param>
    /// <exception cref="InvalidConfiguration">The folder is missing, a file is not JSON, or its schema refuses it.</exception>
    public static async Task<PolicyFolder> Open(string? path)
    {
        var root = System.IO.Path.GetFullPath(path ?? System.IO.Path.Combine(AppContext.BaseDirectory, "config"));
        if (!Directory.Exists(root)) throw new InvalidConfiguration($"The config folder '{root}' does not exist.");
        var files = new List<PolicyFile>();
        foreach (var file in Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (!file.EndsWith(".schema.json", StringComparison.Ordinal))
                files.Add(await Checked(System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'), file));
        return new PolicyFolder(root, files);
    }

    /// <summary>The files of a subfolder, by name.</summary>
    public IReadOnlyList<PolicyFile> Read(string subfolder) => [.. _files.Where(f => f.Name.StartsWith(subfolder + "/", StringComparison.Ordinal))];

    /// <summary>The files of a subfolder as objects.</summary>
    public IReadOnlyList<T> Read<T>(string subfolder) => [.. Read(subfolder).Select(Deserialize<T>)];

    /// <summary>The one file of that name, at the top of the folder.</summary>
    /// <exception cref="InvalidConfiguration">It is missing, or is no such object.</exception>
    public T ReadOne<T>(string name) =>
        Deserialize<T>(_files.FirstOrDefault(f => f.Name == name) ?? throw new InvalidConfiguration($"The config folder '{Path}' has no file '{name}'."));

    private static T Deserialize<T>(PolicyFile file)
    {
        try { return JsonSerializer.Deserialize<T>(file.Json, Json) ?? throw new InvalidConfiguration($"{file.Name} holds null."); }
        catch (JsonException e) { throw new InvalidConfiguration($"{file.Name}: {e.Message}"); }
    }

    private static async Task<PolicyFile> Checked(string name, string file)
    {
        var text = await File.ReadAllTextAsync(file);
        if (SchemaOf(name, file, text) is { } schema)
        {
            var errors = (await JsonSchema.FromFileAsync(schema)).Validate(text);
            if (errors.Count > 0)
                throw new InvalidConfiguration($"{name} is refused by its schema: {string.Join("; ", errors.Take(5).Select(e => $"{e.Path ?? "#"} {e.Kind}"))}.");
        }
        return new PolicyFile(name, text);
    }

    private static string? SchemaOf(string name, string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (!document.RootElement.TryGetProperty("$schema", out var reference)) return null;
            var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, System.IO.Path.GetFileName(reference.GetString()!));
            return File.Exists(path) ? path : throw new InvalidConfiguration($"{name} names a schema that does not exist: '{reference.GetString()}'.");
        }
        catch (JsonException e) { throw new InvalidConfiguration($"{name} is not JSON: {e.Message}"); }
    }

    /// <summary>ISO 8601 durations, such as <c>PT6H</c> and <c>P30D</c>.</summary>
    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => XmlConvert.ToTimeSpan(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
    }
}

/// <param name="Name">Folder and file name, for messages.</param>
/// <param name="Json">The text.</param>
public sealed record PolicyFile(string Name, string Json);
