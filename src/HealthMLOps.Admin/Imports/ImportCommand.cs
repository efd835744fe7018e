using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;
using Spectre.Console;

namespace HealthMLOps.Imports;

/// <summary><c>healthml import</c>: loads NDJSON files and bundles, and continues where an interrupted run of the same files ended.</summary>
public static class ImportCommand
{
    public const int ParallelMax = 64;
    public const int ChunkLinesMax = 100_000;

    public static Verb Create(ConnectionOptions connection)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders or files: .ndjson, .ndjson.gz, .jsonl, .json", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "Name of the import (default: the first path's name)", HelpName = "NAME" };
        var source = new Option<string?>("--source") { Description = "EHR that the files come from (default: the server's default source)", HelpName = "NAME" };
        var parallel = Number("--parallel", "Chunks in flight at once", normally: 3, from: 1, to: ParallelMax);
        var chunkLines = Number("--chunk-lines", "Lines a chunk", normally: 1000, from: 1, to: ChunkLinesMax);
        var patience = Number("--patience", "Seconds that the server may be away", normally: 60, from: 0, to: 86_400);
        var verb = new Verb(connection, "import", "Load FHIR files; an interrupted import continues when the command is given again",
            "healthml import ./export --name history-2025 --source general-hospital");
        verb.Add(paths);
        foreach (var option in new Option[] { name, source, parallel, chunkLines, patience }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var given = asked.GetRequiredValue(paths);
            session.Silo.Retries = new Retries(TimeSpan.FromSeconds(asked.GetValue(patience)));
            var files = ImportFolder.Find(given, session.Screen.Note);
            var import = new Import(session.Silo, files, asked.GetValue(parallel));
            var digests = await Hash(session, files, stop);
            var held = await import.Open(
                asked.GetValue(name) ?? NameOf(given[0]), asked.GetValue(source), asked.GetValue(chunkLines), digests, stop);
            session.Screen.Note(held.HasBegun ? $"Continuing import {held.Id}" : $"Import {held.Id}");
            try
            {
                await Load(session, import, files, held, held.ChunkLines ?? asked.GetValue(chunkLines), stop);
            }
            catch (Exception failure) when (failure is CommandFailed or OperationCanceledException)
            {
                session.Screen.Note($"Import {held.Id} is not complete. The same command continues where it ended.");
                throw;
            }
        });
    }

    private static Task<IReadOnlyList<string>> Hash(Session session, IReadOnlyList<SourceFile> files, CancellationToken stop) =>
        session.Screen.Progress($"reading {files.Count} files", TotalBytes(files), bar => FileDigests.Of(files, bytes => bar.Increment(bytes), stop));

    private static async Task Load(
        Session session, Import import, IReadOnlyList<SourceFile> files, ImportProgress held, int chunkLines, CancellationToken stop)
    {
        var clock = session.Terminal.Clock;
        var started = clock.GetTimestamp();
        var answer = await session.Screen.Progress("loading", TotalBytes(files), async bar =>
        {
            await import.Send(held, chunkLines, () => Draw(bar, import.Tally, clock.GetElapsedTime(started)), stop);
            return await import.Complete(held.Id, stop);
        });
        var took = clock.GetElapsedTime(started);
        session.Screen.Show(answer, whole => ImportSummaryPicture.Of(whole, import.Tally.Resources, took));
    }

    private static void Draw(ProgressTask bar, ImportTally tally, TimeSpan took)
    {
        bar.Value = tally.Bytes;
        var perSecond = tally.Resources / Math.Max(took.TotalSeconds, 0.001);
        bar.Description = string.Create(CultureInfo.InvariantCulture, $"{tally.Resources:n0} resources, {perSecond:n0}/s");
    }

    private static double TotalBytes(IReadOnlyList<SourceFile> files) => Math.Max(1, files.Sum(file => file.Bytes));

    private static string NameOf(string path) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { Length: > 0 } name ? name : "import";

    private static Option<int> Number(string name, string description, int normally, int from, int to)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => normally };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < from || given.GetValueOrDefault<int>() > to) given.AddError($"{name} is {from} to {to}.");
        });
        return option;
    }
}
