using HealthMLOps.Storage;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>Where silos live: a data folder, a database, and a policy with two sources. Outlives the silos that are killed in it.</summary>
public sealed class Site : IDisposable
{
    public const string FirstSource = "general-hospital";
    public const string SecondSource = "second-hospital";

    private Site(string folder, StorageProvider provider, string? connection) => (Folder, Provider, Connection) = (folder, provider, connection);

    public string Folder { get; }

    public StorageProvider Provider { get; }

    /// <summary>Npgsql connection string; null with SQLite.</summary>
    public string? Connection { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Config => Path.Combine(Folder, "config");

    public string OwnerCredentialFile => Path.Combine(Data, "owner-credential");

    public string Owner => File.ReadAllText(OwnerCredentialFile).Trim();

    public string SecretFile(string source = FirstSource) => Path.Combine(Data, "source-secrets", source);

    public string Secret(string source = FirstSource) => File.ReadAllText(SecretFile(source)).Trim();

    public static Site Make(StorageProvider provider, string? connection)
    {
        var site = new Site(Directory.CreateTempSubdirectory("healthml-e2e-").FullName, provider, connection);
        Copy(Path.Combine(AppContext.BaseDirectory, "config"), site.Config);
        var sources = Path.Combine(site.Config, "sources");
        var first = File.ReadAllText(Path.Combine(sources, FirstSource + ".json"));
        var second = first.Replace(FirstSource, SecondSource, StringComparison.Ordinal).Replace("GENERAL_HOSPITAL", "SECOND_HOSPITAL", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(sources, SecondSource + ".json"), second);
        return site;
    }

    /// <summary>Starts a silo on ports that it keeps when it is killed and started again, as in production: its successor then knows at once that it is dead.</summary>
    public Task<SiloProcess> Start(params string[] more) => Start(null, more);

    /// <summary>As <see cref="Start(string[])"/>, with a wall clock of its own.</summary>
    public Task<SiloProcess> Start(WallClock? clock, params string[] more) =>
        SiloProcess.Start(this, Ports.Free(), clock, ["--silo-port", Ports.Free().ToString(System.Globalization.CultureInfo.InvariantCulture), .. more]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
