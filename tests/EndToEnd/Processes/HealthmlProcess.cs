using System.Text.Json.Nodes;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>The admin client as an operator runs it.</summary>
public sealed class HealthmlProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private HealthmlProcess(ChildProcess process) => _process = process;

    public bool HasEnded => _process.HasEnded;

    /// <summary>What it told the operator while it worked.</summary>
    public string Notes => _process.Complained;

    public static HealthmlProcess Start(SiloProcess silo, params string[] arguments) => new(ChildProcess.Start("healthml",
        [.. arguments, "--server", silo.Address.OriginalString, "--credential-file", silo.Site.OwnerCredentialFile, "--output", "json"]));

    /// <summary>Runs a command to its end and returns what it answered.</summary>
    public static async Task<JsonObject> Run(SiloProcess silo, params string[] arguments)
    {
        await using var command = Start(silo, arguments);
        return await command.Answer();
    }

    /// <summary>Runs a command without any server or credential.</summary>
    public static async Task<(int ExitCode, JsonObject Answer)> Alone(params string[] arguments)
    {
        await using var process = ChildProcess.Start("healthml", [.. arguments, "--server", "http://127.0.0.1:1", "--output", "json"]);
        var code = await process.Ended();
        return (code, JsonNode.Parse(process.Said)!.AsObject());
    }

    public async Task<JsonObject> Answer() => (await Said()).AsObject();

    public async Task<JsonArray> List() => (await Said()).AsArray();

    private async Task<JsonNode> Said()
    {
        var code = await _process.Ended();
        return code == 0 ? JsonNode.Parse(_process.Said)!
            : throw new InvalidOperationException($"healthml ended with {code}: {_process.Complained}{_process.Said}");
    }

    /// <summary>Waits for its end, whatever it is; returns the exit code.</summary>
    public Task<int> Ended() => _process.Ended();

    public Task Kill() => _process.Kill();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
