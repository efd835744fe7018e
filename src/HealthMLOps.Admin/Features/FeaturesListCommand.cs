using HealthMLOps.Hosting;

namespace HealthMLOps.Features;

/// <summary><c>healthml features list</c>: feature sets.</summary>
public static class FeaturesListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List feature sets", "healthml features list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("feature-sets"), stop),
                answer => JsonTable.Of(answer, "name", "version", "hash", "title", "description")));
}
