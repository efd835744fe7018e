using System.Text.Json;
using HealthMLOps.Clinical;

namespace HealthMLOps.Demo;

/// <summary>What a demo remembers in its data folder, so that the next one goes on with the same hospital.</summary>
/// <param name="Runs">Streams begun so far; each admits new patients.</param>
/// <param name="ClinicalUntil">How far the clinical clock had come.</param>
/// <param name="Trained">The model is trained and registered.</param>
public sealed record DemoFolder(int Runs, DateTimeOffset ClinicalUntil, bool Trained)
{
    private const string FileName = "demo.json";
    private const string DatabaseName = "healthml.db";

    /// <exception cref="InvalidConfiguration">The folder holds data that no demo made.</exception>
    public static DemoFolder Open(string folder, DateTimeOffset now)
    {
        var file = Path.Combine(folder, FileName);
        if (File.Exists(file)) return JsonSerializer.Deserialize<DemoFolder>(File.ReadAllText(file))!;
        if (File.Exists(Path.Combine(folder, DatabaseName)))
            throw new InvalidConfiguration($"The data folder '{folder}' holds a production silo's data; the demo runs an accelerated clock and needs a folder of its own (--data DIR).");
        return new DemoFolder(0, now, false);
    }

    /// <exception cref="InvalidConfiguration">The folder is a demo's.</exception>
    public static void RefuseForServing(string folder)
    {
        if (File.Exists(Path.Combine(folder, FileName)))
            throw new InvalidConfiguration($"The data folder '{folder}' is a demo's: its times ran faster than the world's. Give 'serve' another folder (--data DIR).");
    }

    public void Save(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var draft = Path.Combine(folder, FileName + ".new");
        File.WriteAllText(draft, JsonSerializer.Serialize(this));
        File.Move(draft, Path.Combine(folder, FileName), overwrite: true);
    }
}
