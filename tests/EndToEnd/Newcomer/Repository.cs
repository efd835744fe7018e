namespace HealthMLOps.Tests.EndToEnd.Newcomer;

/// <summary>The working copy that the tests were built in.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>A program where its own build put it, with everything that the build puts beside it.</summary>
    public static string Program(string project, string name)
    {
        var output = Path.GetRelativePath(Path.Combine(Root, "tests", "EndToEnd"), AppContext.BaseDirectory);
        return Path.Combine(Root, "src", project, output, name);
    }

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HealthMLOps.Orleans.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside the working copy.");
    }
}
