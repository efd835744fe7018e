using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary><c>healthml imports list</c>: loads of historical data, newest first.</summary>
public static class ImportsListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List loads of historical data, newest first", "healthml imports list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("imports"), stop),
                answer => JsonTable.Of(answer, "id", "name", "source", "state", "started", "finished")));
}
