using System.CommandLine;
using HealthMLOps.Transport;

namespace HealthMLOps.Hosting;

/// <summary>The options that every command takes, and the session they open.</summary>
public sealed class ConnectionOptions
{
    public const string ServerVariable = "HEALTHML_SERVER";
    public const string CredentialFileVariable = "HEALTHML_CREDENTIAL_FILE";
    public const string AuthorityVariable = "HEALTHML_CA";
    public const string DefaultServer = "http://localhost:8080";
    public const string DefaultCredentialFile = "./data/owner-credential";

    private readonly Terminal _terminal;
    private readonly Option<string> _server;
    private readonly Option<string> _credentialFile;
    private readonly Option<string> _authority;
    private readonly Option<string> _output;
    private readonly Option<string?> _profile;

    public ConnectionOptions(Terminal terminal)
    {
        _terminal = terminal;
        _server = new Option<string>("--server")
        {
            Description = $"Address of a silo (environment: {ServerVariable})", HelpName = "URL", Recursive = true,
            DefaultValueFactory = _ => Set(ServerVariable) ?? "",
        };
        _server.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { Length: > 0 } address && !IsAddress(address)) given.AddError("--server takes an http or https address without user name, query or fragment.");
        });
        _credentialFile = new Option<string>("--credential-file")
        {
            Description = $"File that holds your credential (environment: {CredentialFileVariable})", HelpName = "FILE", Recursive = true,
            DefaultValueFactory = _ => Set(CredentialFileVariable) ?? "",
        };
        _authority = new Option<string>("--ca")
        {
            Description = $"PEM file of the authority that certified the server, trusted instead of this machine's (environment: {AuthorityVariable})", HelpName = "FILE", Recursive = true,
            DefaultValueFactory = _ => Set(AuthorityVariable) ?? "",
        };
        _profile = new Option<string?>("--profile") { Description = "A profile of 'healthml login' (default: the last one logged in to)", HelpName = "NAME", Recursive = true };
        _output = new Option<string>("--output")
        {
            Description = "For people or for programs", HelpName = "table|json", Recursive = true, DefaultValueFactory = _ => "table",
        };
        _output.AcceptOnlyFromAmong("table", "json");
    }

    public IEnumerable<Option> All => [_server, _credentialFile, _authority, _profile, _output];

    public Session Open(ParseResult asked)
    {
        var screen = Screen(asked);
        var (address, credentialFile, authority) = Chosen(asked);
        if (!IsAddress(address)) throw new CommandFailed(ExitCode.Usage, $"{ServerVariable} must be an http or https address without user name, query or fragment.");
        var server = new Uri(address);
        var credential = Credential.Read(credentialFile);
        if (server is { Scheme: "http", IsLoopback: false }) screen.Note("Warning: http without TLS sends the credential and patient data readable over the network.");
        return new Session(new SiloClient(server, credential, authority is null ? null : TrustedAuthority.Read(authority), _terminal.Clock, screen.Note), screen, _terminal);
    }

    /// <summary>The screen alone, for work that needs no server.</summary>
    public Screen Screen(ParseResult asked) => new(_terminal, asked.GetRequiredValue(_output) == "json" ? OutputFormat.Json : OutputFormat.Table);

    internal Terminal Terminal => _terminal;

    /// <summary>Server, credential file and authority: as typed, else from the environment, else from the profile, else the default. A named profile comes before the environment.</summary>
    internal Profile Chosen(ParseResult asked)
    {
        var (server, file, authority, named) = (asked.GetRequiredValue(_server), asked.GetRequiredValue(_credentialFile), asked.GetRequiredValue(_authority), asked.GetValue(_profile));
        if (named is null && server.Length > 0 && file.Length > 0 && authority.Length > 0) return new Profile(server, file, authority);
        var profiles = Profiles.Read(_terminal);
        var profile = named is null ? profiles.Current is { } current ? profiles.Known.GetValueOrDefault(current) : null
            : profiles.Known.GetValueOrDefault(named) ?? throw new CommandFailed(ExitCode.Usage, $"No profile '{named}'; known: {string.Join(", ", profiles.Known.Keys)}.");
        // A server that was named is never sent the credential of another one's profile.
        if (named is null && server.Length > 0 && server != profile?.Server) profile = null;
        return named is null
            ? new Profile(server.Length > 0 ? server : profile?.Server ?? DefaultServer, file.Length > 0 ? file : profile?.CredentialFile ?? DefaultCredentialFile, authority.Length > 0 ? authority : profile?.Authority)
            : profile!;
    }

    private string? Set(string variable) => _terminal.Environment(variable) is { Length: > 0 } value ? value : null;

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" };
}
