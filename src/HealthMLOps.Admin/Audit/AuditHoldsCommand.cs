using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit holds</c>: legal holds, ended ones included.</summary>
public static class AuditHoldsCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "holds", "List legal holds", "healthml audit holds --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("audit", "holds"), stop),
                answer => JsonTable.Of(answer, "id", "kind", "value", "reason", "placedBy", "placedAt", "releasedBy", "releasedAt")));
}
