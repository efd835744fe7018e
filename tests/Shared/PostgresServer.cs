using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace HealthMLOps.Tests.Shared;

/// <summary>A PostgreSQL server of our own in a temporary folder: durable as in production, gone after the tests.</summary>
/// <remarks>PostgreSQL refuses to run as root; then it runs as the user "postgres" that Debian's package creates.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly string _programs;
    private readonly int _port;
    private int _databases;

    private PostgresServer(string folder, string programs, int port)
    {
        _folder = folder;
        _programs = programs;
        _port = port;
    }

    /// <summary>False where no PostgreSQL is installed under /usr/lib/postgresql.</summary>
    public static bool IsInstalled => FindPrograms() is not null;

    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start.</exception>
    public static async Task<PostgresServer> Start()
    {
        var programs = FindPrograms() ?? throw new InvalidOperationException("No initdb under /usr/lib/postgresql/*/bin: install Debian's package 'postgresql'.");
        var folder = Directory.CreateTempSubdirectory("healthml-pg-").FullName;
        var server = new PostgresServer(folder, programs, Ports.Free());
        if (Environment.IsPrivilegedProcess) await Run("chown", "postgres", folder);
        await server.RunAsOwner("initdb", "-D", server.DataFolder, "-U", "healthml", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions");
        await server.Resume();
        return server;
    }

    /// <summary>Starts the server again after <see cref="Halt"/>.</summary>
    public Task Resume() => RunAsOwner("pg_ctl", "-D", DataFolder, "-w", "-t", StartTimeMax.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "-l", Path.Combine(_folder, "server.log"), "-o",
        $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB -c fsync=on -c synchronous_commit=on",
        "start");

    /// <summary>Breaks every connection and stops the server, as a crash does.</summary>
    public Task Halt() => RunAsOwner("pg_ctl", "-D", DataFolder, "-w", "-m", "immediate", "stop");

    /// <summary>Creates an empty database and returns how to connect to it.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionTo("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsOwner("pg_ctl", "-D", DataFolder, "-w", "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    public string DataFolder => Path.Combine(_folder, "data");

    private string ConnectionTo(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=healthml;Database={database};Include Error Detail=true";

    private Task RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess ? Run("runuser", ["-u", "postgres", "--", path, .. arguments]) : Run(path, arguments);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        // The output goes to a file: the server would otherwise inherit a pipe and keep it open for ever.
        var output = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.out");
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/tmp", UseShellExecute = false };
        foreach (var argument in (string[])["-c", $"exec \"$0\" \"$@\" > '{output}' 2>&1", program, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(output);
        File.Delete(output);
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{program}' ended with {process.ExitCode}: {said}");
    }

    private static string? FindPrograms() =>
        !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .MaxBy(bin => double.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), CultureInfo.InvariantCulture, out var version) ? version : 0);
}
