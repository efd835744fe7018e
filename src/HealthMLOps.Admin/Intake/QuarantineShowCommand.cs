using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Intake;

/// <summary><c>healthml quarantine show</c>: one quarantined input and why it could not be used.</summary>
public static class QuarantineShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "Id of the quarantined input" };
        var verb = new Verb(connection, "show", "Show one quarantined input and why it could not be used", "healthml quarantine show 42").Does(async (asked, session, stop) =>
        {
            var askedId = asked.GetRequiredValue(id);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("quarantine", askedId), stop), answer => JsonTree.Of(answer, askedId));
        });
        verb.Add(id);
        return verb;
    }
}
