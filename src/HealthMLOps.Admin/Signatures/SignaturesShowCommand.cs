using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Signatures;

/// <summary><c>healthml signatures show</c>: one signature.</summary>
public static class SignaturesShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The signature's id" };
        var verb = new Verb(connection, "show", "Show one signature", "healthml signatures show sig-0199c0ffee").Does(async (asked, session, stop) =>
        {
            var askedId = asked.GetRequiredValue(id);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("signatures", askedId), stop), answer => JsonTree.Of(answer, askedId));
        });
        verb.Add(id);
        return verb;
    }
}
