namespace HealthMLOps.Tests.Unit;

/// <summary>Files of the working copy that tests read: configuration as shipped, and golden data.</summary>
public static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Config(params string[] parts) => File.ReadAllText(PathOf(["config", .. parts]));

    public static byte[] Golden(params string[] parts) => File.ReadAllBytes(PathOf(["tests", "Golden", .. parts]));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HealthMLOps.Orleans.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside the working copy; HealthMLOps.Orleans.sln was not found above them.");
    }
}
