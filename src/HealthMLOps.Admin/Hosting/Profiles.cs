using System.Text.Json;

namespace HealthMLOps.Hosting;

/// <summary>Servers that the operator has logged in to: addresses and where credentials lie, never credentials.</summary>
public sealed record Profiles(string? Current, IReadOnlyDictionary<string, Profile> Known)
{
    public const string FolderVariable = "XDG_CONFIG_HOME";

    private static readonly Profiles None = new(null, new Dictionary<string, Profile>());
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The profiles of this operator; none where there is no file.</summary>
    /// <exception cref="CommandFailed">The file is not what this client writes.</exception>
    public static Profiles Read(Terminal terminal)
    {
        if (FileOf(terminal) is not { } file || !File.Exists(file)) return None;
        try { return JsonSerializer.Deserialize<Profiles>(File.ReadAllText(file), Json) is { Known: not null } read ? read : None; }
        catch (JsonException) { throw new CommandFailed(ExitCode.Usage, $"'{file}' is not a file of profiles."); }
    }

    public void Write(Terminal terminal)
    {
        var file = FileOf(terminal) ?? throw new CommandFailed(ExitCode.Usage, $"Profiles need a home: neither {FolderVariable} nor HOME is set.");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(file, JsonSerializer.Serialize(this, Json));
    }

    public Profiles With(string name, Profile profile) => new(name, new Dictionary<string, Profile>(Known) { [name] = profile });

    private static string? FileOf(Terminal terminal)
    {
        var folder = terminal.Environment(FolderVariable) is { Length: > 0 } set ? set : terminal.Environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config") : null;
        return folder is null ? null : Path.Combine(folder, "healthml", "profiles.json");
    }
}

/// <param name="Server">Address of a silo.</param>
/// <param name="CredentialFile">Where the credential lies.</param>
/// <param name="Authority">PEM file of the authority to trust; null = those of this machine.</param>
public sealed record Profile(string Server, string CredentialFile, string? Authority = null);
