using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;

namespace HealthMLOps.Signatures;

/// <summary><c>healthml signatures list</c>: who signed what.</summary>
public static class SignaturesListCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var digest = new Option<string?>("--digest") { Description = "Only over the record with this SHA-256", HelpName = "SHA256" };
        var subject = new Option<string?>("--subject") { Description = "Only of this subject", HelpName = "NAME" };
        var count = new Option<int?>("--count") { Description = "Signatures at most", HelpName = "N" };
        var verb = new Verb(connection, "list", "List signatures, oldest first", "healthml signatures list --subject 'rollout-plan sepsis@3 canary'");
        foreach (var option in new Option[] { digest, subject, count }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = ApiPath.Of("signatures").Where(
                ("digest", asked.GetValue(digest)), ("subject", asked.GetValue(subject)),
                ("count", asked.GetValue(count)?.ToString(CultureInfo.InvariantCulture)));
            session.Screen.Show(await session.Silo.Get(path, stop),
                answer => JsonTable.Of(answer, "id", "at", "printedName", "role", "meaning", "subject", "digest"));
        });
    }
}
