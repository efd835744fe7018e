using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit removals</c>: proposals to hide what has served its time, and what became of them.</summary>
public static class AuditRemovalsCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "removals", "List proposals to hide entries whose retention is over", "healthml audit removals --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("audit", "removals"), stop),
                answer => JsonTable.Of(answer, "id", "before", "reason", "proposedBy", "proposedAt", "approvedBy", "approvedAt", "hidden")));
}
