using HealthMLOps.Hosting;

namespace HealthMLOps.Intake;

/// <summary><c>healthml sources list</c>: the EHRs that send to us.</summary>
public static class SourcesListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the EHRs that send to us", "healthml sources list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("sources"), stop),
                answer => JsonTable.Of(answer, "name", "title", "enabled", "default", "lastReceived", "received", "quarantined")));
}
