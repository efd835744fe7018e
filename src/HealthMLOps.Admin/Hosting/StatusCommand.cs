namespace HealthMLOps.Hosting;

/// <summary><c>healthml status</c>: how the cluster is.</summary>
public static class StatusCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "status", "Show how the cluster is", "healthml status --server https://silo.hospital.example")
            .Does(async (_, session, stop) =>
                session.Screen.Show(await session.Silo.Get(ApiPath.Of("status"), stop), answer => JsonTree.Of(answer, "status")));
}
