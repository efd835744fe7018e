using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit show</c>: one entry of the record, with what it rested on.</summary>
public static class AuditShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The entry's id" };
        var verb = new Verb(connection, "show", "Show one entry of the record", "healthml audit show 3-17").Does(async (asked, session, stop) =>
        {
            var askedId = asked.GetRequiredValue(id);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("audit", "entries", askedId), stop), answer => JsonTree.Of(answer, askedId));
        });
        verb.Add(id);
        return verb;
    }
}
