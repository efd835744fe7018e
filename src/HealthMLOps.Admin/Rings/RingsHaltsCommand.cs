using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings halts</c>: what is halted now, and what became of earlier halts and drills.</summary>
public static class RingsHaltsCommand
{
    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "halts", "List standing halts and past halts and drills", "healthml rings halts")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("rings", "halts"), stop), RingPictures.Halts));
}
