using HealthMLOps.Hosting;

namespace HealthMLOps.Experiments;

/// <summary><c>healthml runs list</c>: training runs, newest first.</summary>
public static class RunsListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List training runs, newest first", "healthml runs list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("runs"), stop),
                answer => JsonTable.Of(answer, "id", "state", "stage", "featureSet", "cohort", "label", "algorithm", "registered", "started", "error")));
}
