using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Features;

/// <summary><c>healthml features show</c>: one feature set: each feature's source, window and unit.</summary>
public static class FeaturesShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the feature set" };
        var verb = new Verb(connection, "show", "Show one feature set: each feature's source, window and unit", "healthml features show deterioration-24h").Does(async (asked, session, stop) =>
        {
            var askedName = asked.GetRequiredValue(name);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("feature-sets", askedName), stop), answer => JsonTree.Of(answer, askedName));
        });
        verb.Add(name);
        return verb;
    }
}
