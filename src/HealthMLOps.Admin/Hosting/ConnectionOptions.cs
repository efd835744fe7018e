using System.CommandLine;

namespace HealthMLOps.Hosting;

/// <summary>The options that every command takes, and the session they open.</summary>
public sealed class ConnectionOptions
{
    public const string ServerVariable = "HEALTHML_SERVER";
    public const string CredentialFileVariable = "HEALTHML_CREDENTIAL_FILE";
    public const string DefaultServer = "http://localhost:8080";
    public const string DefaultCredentialFile = "./data/owner-credential";

    private readonly Terminal _terminal;
    private readonly Option<string> _server;
    private readonly Option<string> _credentialFile;
    private readonly Option<string> _output;

    public ConnectionOptions(Terminal terminal)
    {
        _terminal = terminal;
        _server = new Option<string>("--server")
        {
            Description = $"Address of a silo (environment: {ServerVariable})", HelpName = "URL", Recursive = true,
            DefaultValueFactory = _ => Set(ServerVariable) ?? DefaultServer,
        };
        _server.Validators.Add(given =>
        {
            if (!IsAddress(given.GetValueOrDefault<string>())) given.AddError("--server takes an http or https address without user name, query or fragment.");
        });
        _credentialFile = new Option<string>("--credential-file")
        {
            Description = $"File that holds your credential (environment: {CredentialFileVariable})", HelpName = "FILE", Recursive = true,
            DefaultValueFactory = _ => Set(CredentialFileVariable) ?? DefaultCredentialFile,
        };
        _output = new Option<string>("--output")
        {
            Description = "For people or for programs", HelpName = "table|json", Recursive = true, DefaultValueFactory = _ => "table",
        };
        _output.AcceptOnlyFromAmong("table", "json");
    }

    public IEnumerable<Option> All => [_server, _credentialFile, _output];

    public Session Open(ParseResult asked)
    {
        var screen = Screen(asked);
        var address = asked.GetRequiredValue(_server);
        if (!IsAddress(address)) throw new CommandFailed(ExitCode.Usage, $"{ServerVariable} must be an http or https address without user name, query or fragment.");
        var server = new Uri(address);
        var credential = Credential.Read(asked.GetRequiredValue(_credentialFile));
        if (server is { Scheme: "http", IsLoopback: false }) screen.Note("Warning: http without TLS sends the credential and patient data readable over the network.");
        return new Session(new SiloClient(server, credential, _terminal.Clock, screen.Note), screen, _terminal);
    }

    /// <summary>The screen alone, for work that needs no server.</summary>
    public Screen Screen(ParseResult asked) => new(_terminal, asked.GetRequiredValue(_output) == "json" ? OutputFormat.Json : OutputFormat.Table);

    private string? Set(string variable) => _terminal.Environment(variable) is { Length: > 0 } value ? value : null;

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" };
}
