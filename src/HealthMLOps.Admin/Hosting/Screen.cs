using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Hosting;

/// <summary>Results go to standard output in the asked format; progress and notes go to standard error.</summary>
public sealed class Screen(Terminal terminal, OutputFormat format)
{
    /// <summary>Where output is no terminal, lines are this wide, so that a pipe sees whole rows.</summary>
    public const int PipedColumns = 200;

    private readonly IAnsiConsole _error = Console(terminal.Error);

    /// <summary>Shows the server's answer: as it came for programs, as the picture for people.</summary>
    public void Show(JsonElement answer, Func<JsonElement, IRenderable> picture)
    {
        if (format == OutputFormat.Json) terminal.Out.WriteLine(answer.GetRawText());
        else Console(terminal.Out).Write(new Rows(picture(answer)));
    }

    /// <summary>Text for another program to read, letter by letter; as JSON it is the member <c>text</c>.</summary>
    public void Text(string text) => terminal.Out.WriteLine(format == OutputFormat.Json ? JsonSerializer.Serialize(new { text }) : text);

    /// <summary>A sentence beside the result, for people.</summary>
    public void Note(string sentence) => _error.WriteLine(PlainText.Of(sentence));

    /// <summary>Draws a bar on standard error while the work runs.</summary>
    public Task<T> Progress<T>(string title, double endsAt, Func<ProgressTask, Task<T>> work) =>
        _error.Progress().AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(progress => work(progress.AddTask(Markup.Escape(title), maxValue: endsAt)));

    private static IAnsiConsole Console(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        if (!output.IsTerminal) console.Profile.Width = PipedColumns;
        return console;
    }
}
