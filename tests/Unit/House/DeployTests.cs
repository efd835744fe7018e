using System.Text.RegularExpressions;
using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.House;

/// <summary>Containers can't be built everywhere the tests run, so what the files name is checked against the tree.</summary>
public sealed partial class DeployTests
{
    private static readonly string Dockerfile = Read("deploy/Dockerfile");
    private static readonly string Compose = Read("deploy/compose.yaml");
    private static readonly string SiloProject = Read("src/HealthMLOps.Silo/HealthMLOps.Silo.csproj");

    [Fact]
    public void Everything_that_the_image_copies_from_the_tree_is_there()
    {
        var copied = Copies().Matches(Dockerfile).Where(m => !m.Value.Contains("--from", StringComparison.Ordinal))
            .SelectMany(m => m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1]).ToList();
        Assert.NotEmpty(copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Tree.Root, path)), $"{path} is not in the tree"));
    }

    [Fact]
    public void What_a_build_needs_is_copied_and_not_ignored()
    {
        var copied = Copies().Matches(Dockerfile).SelectMany(m => m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        Assert.Superset(new HashSet<string> { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "config", "src" }, copied);
        var ignored = Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain("src", ignored);
        Assert.DoesNotContain("config", ignored);
    }

    [Fact]
    public void The_image_publishes_and_starts_programs_that_exist()
    {
        var projects = Projects().Matches(Dockerfile).Select(m => m.Value).ToList();
        Assert.Contains("src/HealthMLOps.Silo/HealthMLOps.Silo.csproj", projects);
        Assert.All(projects, path => Assert.True(File.Exists(Path.Combine(Tree.Root, path)), path));
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"/app/HealthMLOps.Silo.dll\"]", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("/app/programs/healthml/healthml", Dockerfile, StringComparison.Ordinal);
        Assert.Contains(@"$(PublishDir)programs\healthml", SiloProject, StringComparison.Ordinal);
        Assert.Contains("<AssemblyName>healthml</AssemblyName>", Read("src/HealthMLOps.Admin/HealthMLOps.Admin.csproj"), StringComparison.Ordinal);
        Assert.Contains("CopyToPublishDirectory", SiloProject, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_that_the_files_give_is_one_that_the_programs_read()
    {
        var given = Settings().Matches(Dockerfile + Compose).Select(m => m.Value).Where(s => s != "HEALTHML_DB_PASSWORD").Distinct().ToList();
        Assert.Contains("HEALTHML_POSTGRES", given);
        string[] clients = ["HEALTHML_CREDENTIAL_FILE", "HEALTHML_SERVER"];
        foreach (var setting in given.Except(clients))
        {
            var asked = new List<string>();
            _ = SiloSettings.Read(["serve"], name => { asked.Add(name); return null; });
            Assert.Contains(setting, asked);
        }
    }

    [Fact]
    public void Ports_and_runtime_versions_agree()
    {
        Assert.Contains("EXPOSE 8080", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("HEALTHML_URLS=http://0.0.0.0:8080", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("\"127.0.0.1:8080:8080\"", Compose, StringComparison.Ordinal);
        var framework = Framework().Match(Read("Directory.Build.props")).Groups[1].Value;
        Assert.Contains($"sdk:{framework}", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"aspnet:{framework}", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compose_file_builds_that_image_and_waits_for_its_database()
    {
        Assert.Contains("dockerfile: deploy/Dockerfile", Compose, StringComparison.Ordinal);
        Assert.Contains("context: ..", Compose, StringComparison.Ordinal);
        Assert.Contains("condition: service_healthy", Compose, StringComparison.Ordinal);
        Assert.Contains("command: [\"serve\"]", Compose, StringComparison.Ordinal);
        Assert.Contains("libgomp1", Dockerfile, StringComparison.Ordinal);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Tree.Root, path));

    [GeneratedRegex(@"^COPY (?!--from)(.+)$", RegexOptions.Multiline)]
    private static partial Regex Copies();

    [GeneratedRegex(@"src/[\w./]+\.csproj")]
    private static partial Regex Projects();

    [GeneratedRegex(@"HEALTHML_[A-Z_]+")]
    private static partial Regex Settings();

    [GeneratedRegex(@"<TargetFramework>net([\d.]+)<")]
    private static partial Regex Framework();
}
