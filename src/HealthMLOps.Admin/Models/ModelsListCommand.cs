using HealthMLOps.Hosting;

namespace HealthMLOps.Models;

/// <summary><c>healthml models list</c>: registered model versions.</summary>
public static class ModelsListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List registered model versions", "healthml models list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("models"), stop),
                answer => JsonTable.Of(answer, "version", "model", "ring", "stage", "algorithm", "featureSet", "packageDigest", "registered")));
}
