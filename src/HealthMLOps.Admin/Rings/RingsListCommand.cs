using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings list</c>: every version in every ring.</summary>
public static class RingsListCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the rings of all models", "healthml rings list")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("rings"), stop), RingPictures.Rows));
}
