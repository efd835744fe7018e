namespace HealthMLOps.Hosting;

/// <summary><c>healthml completion</c>: what a shell reads to complete verbs and options with the tab key.</summary>
/// <remarks>The words come from the program itself (System.CommandLine's <c>[suggest]</c> directive), so they are those of the version that is installed.</remarks>
public static class CompletionCommand
{
    /// <summary>For bash; zsh reads it after <c>autoload -U +X bashcompinit &amp;&amp; bashcompinit</c>.</summary>
    private const string Script = """
        _healthml() {
          local word="${COMP_WORDS[COMP_CWORD]}" line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
          line="${line#*[[:space:]]}"
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v '^[/]')" -- "$word"))
        }
        complete -o default -F _healthml healthml
        """;

    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "completion", "Print what bash (or zsh, after bashcompinit) reads to complete commands", "source <(healthml completion)")
            .DoesOffline((_, screen, _) =>
            {
                screen.Text(Script);
                return Task.CompletedTask;
            });
}
