using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace HealthMLOps.Hosting;

/// <summary>A command that does something, with an example of its use.</summary>
[SuppressMessage("Design", "CA1010", Justification = "Command lists its children only for collection initialisers.")]
public sealed class Verb : Command
{
    private readonly ConnectionOptions _connection;

    public Verb(ConnectionOptions connection, string name, string description, string example) : base(name, description)
    {
        _connection = connection;
        Example = example;
    }

    public string Example { get; }

    /// <summary>What the verb does; ends with <see cref="ExitCode.Done"/> unless it throws <see cref="CommandFailed"/>.</summary>
    public Verb Does(Func<ParseResult, Session, CancellationToken, Task> act)
    {
        SetAction(async (asked, stop) =>
        {
            using var session = _connection.Open(asked);
            await act(asked, session, stop);
            return ExitCode.Done;
        });
        return this;
    }

    /// <summary>What the verb does without any server or credential.</summary>
    public Verb DoesOffline(Func<ParseResult, Screen, CancellationToken, Task> act)
    {
        SetAction(async (asked, stop) =>
        {
            await act(asked, _connection.Screen(asked), stop);
            return ExitCode.Done;
        });
        return this;
    }
}
