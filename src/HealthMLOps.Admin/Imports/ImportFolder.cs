using System.Text.RegularExpressions;
using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary>Finds the files of an import below the given folders and puts them in the order that references need.</summary>
public static partial class ImportFolder
{
    /// <summary>More files than this are no one import.</summary>
    public const int FilesMax = 200_000;

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, MaxRecursionDepth = 32 };

    /// <exception cref="CommandFailed">A path doesn't exist, holds nothing to load, or two files have one name.</exception>
    public static IReadOnlyList<SourceFile> Find(IReadOnlyList<string> paths, Action<string> note)
    {
        var files = paths.SelectMany(path => Below(path, isOnly: paths.Count == 1, note))
            .OrderBy(file => file.Class).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
        if (files.Count is 0 or > FilesMax)
            throw new CommandFailed(ExitCode.Usage, $"Found {files.Count} files to load (.ndjson, .ndjson.gz, .jsonl, .json); allowed are 1 to {FilesMax}.");
        if (files.GroupBy(file => file.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new CommandFailed(ExitCode.Usage, $"Two files have the name '{twice.Key}'. Import their folders one by one.");
        return files;
    }

    /// <summary>The class of a file of lines: by the leading letters of its name where they are a type with a class, else by its first resource.</summary>
    public static ImportClass ClassOf(string fileName, Func<string?> typeOfFirstResource)
    {
        var byName = ClassOf(LeadingLetters().Match(fileName).Value);
        return byName == ImportClass.Other ? ClassOf(typeOfFirstResource()) : byName;
    }

    private static ImportClass ClassOf(string? resourceType) =>
        resourceType is { Length: > 0 } && char.IsAsciiLetterUpper(resourceType[0]) && Enum.TryParse<ImportClass>(resourceType, out var known)
            ? known
            : ImportClass.Other;

    private static IEnumerable<SourceFile> Below(string path, bool isOnly, Action<string> note)
    {
        if (File.Exists(path))
        {
            yield return Recognised(path, Path.GetFileName(path))
                ?? throw new CommandFailed(ExitCode.Usage, $"'{path}' is no .ndjson, .ndjson.gz or .jsonl file, and no FHIR resource in JSON.");
            yield break;
        }
        if (!Directory.Exists(path)) throw new CommandFailed(ExitCode.Usage, $"'{path}' is neither a file nor a folder.");

        var folder = Path.GetFullPath(path);
        var skipped = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", Everywhere))
        {
            var name = Path.GetRelativePath(isOnly ? folder : Path.GetDirectoryName(folder) ?? folder, file).Replace('\\', '/');
            if (Recognised(file, name) is { } found) yield return found;
            else skipped++;
        }
        if (skipped > 0) note($"Left out {skipped} files that hold no FHIR resources.");
    }

    private static SourceFile? Recognised(string path, string name)
    {
        var form = FormOf(path);
        if (form is null) return null;
        var file = new SourceFile(path, name, new FileInfo(path).Length, form.Value, ImportClass.Other);
        if (form != FileForm.Document) return file with { Class = ClassOf(Path.GetFileName(path), () => TypeIn(file)) };
        return TypeIn(file) is { } type ? file with { Class = ClassOf(type) } : null;
    }

    private static FileForm? FormOf(string path)
    {
        if (Has(".ndjson") || Has(".jsonl")) return FileForm.Lines;
        if (Has(".ndjson.gz") || Has(".jsonl.gz")) return FileForm.PackedLines;
        return Has(".json") ? FileForm.Document : null;

        bool Has(string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
    }

    private static string? TypeIn(SourceFile file)
    {
        using var text = file.OpenText();
        return FirstResource.TypeIn(text);
    }

    [GeneratedRegex("^[A-Za-z]+")]
    private static partial Regex LeadingLetters();
}
