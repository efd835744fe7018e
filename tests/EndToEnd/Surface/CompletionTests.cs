using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Surface;

/// <summary>The tab key in an operator's bash.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("healthml ri", "rings")]
    [InlineData("healthml rings ha", "halt halts")]
    [InlineData("healthml rings halt --re", "--reason")]
    [InlineData("healthml nothing-like-it", "")]
    public async Task Bash_completes_verbs_and_options(string typed, string expected)
    {
        // Bash gives the function the line, the cursor and the words; here they are given as bash gives them.
        var words = typed.Split(' ');
        var script = $$"""
            PATH="{{AppContext.BaseDirectory}}:$PATH"
            source <(healthml completion)
            COMP_LINE="{{typed}}" COMP_POINT={{typed.Length}} COMP_WORDS=({{typed}}) COMP_CWORD={{words.Length - 1}}
            _healthml
            complete -p healthml
            echo "${COMPREPLY[@]}"
            """;
        await using var bash = ChildProcess.Start("/bin/bash", ["-c", script]);
        Assert.Equal(0, await bash.Ended());
        var said = bash.Said.TrimEnd('\n').Split('\n');
        Assert.Equal(["complete -o default -F _healthml healthml", expected], said.Length == 1 ? [said[0], ""] : said);
    }
}
