using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml egress list</c>: every place that the server may call, and under which agreement.</summary>
public static class EgressListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the places that the server may call", "healthml egress list")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("egress"), stop),
                answer => JsonTable.Of(answer, "name", "kind", "address", "dataClass", "agreement", "expires", "open")));
}
