using HealthMLOps.Hosting;

namespace HealthMLOps.Privacy;

/// <summary><c>healthml keys list</c>: the key ring, and how many patients' keys each of its keys wraps.</summary>
public static class KeysListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the keys of the ring", "healthml keys list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(
                await session.Silo.Get(ApiPath.Of("keys"), stop),
                answer => JsonTable.Of(answer, "id", "created", "activated", "expires", "patientKeys")));
}
