using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.Admin;

/// <summary>Somebody at a terminal with a credential file and a folder of files.</summary>
public sealed class AnOperator : IDisposable
{
    public const string Secret = "secret-of-the-owner";

    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public AnOperator()
    {
        Folder = Directory.CreateTempSubdirectory("healthml-test-").FullName;
        CredentialFile = Path.Combine(Folder, "credential");
        File.WriteAllText(CredentialFile, Secret + "\n");
    }

    public string Folder { get; }
    public string CredentialFile { get; }
    public ImpatientClock Clock { get; } = new();
    public string Out => _out.ToString();
    public string Error => _error.ToString();

    /// <summary>Types <c>healthml</c> and these words, with the server and the credential from the environment.</summary>
    public Task<int> Types(string server, params string[] words)
    {
        var environment = new Dictionary<string, string>
        {
            [ConnectionOptions.ServerVariable] = server,
            [ConnectionOptions.CredentialFileVariable] = CredentialFile,
        };
        var terminal = new Terminal(
            TextWriter.Synchronized(_out), TextWriter.Synchronized(_error), TextReader.Null, IsInteractive: false,
            name => environment.GetValueOrDefault(name), Clock);
        return AdminClient.Run(words, terminal);
    }

    public string Keeps(string name, string text) => Keeps(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Keeps(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, "data", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Data => Path.Combine(Folder, "data");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
