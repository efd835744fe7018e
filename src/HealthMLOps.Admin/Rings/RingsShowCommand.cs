using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings show</c>: one model's rings, its open plan and the evidence at its gate.</summary>
public static class RingsShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var model = RingOptions.Model();
        var verb = new Verb(connection, "show", "Show a model's rings, its open plan and what its gate still wants", "healthml rings show sepsis");
        verb.Add(model);
        return verb.Does(async (asked, session, stop) =>
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("rings", asked.GetRequiredValue(model)), stop), RingPictures.Whole));
    }
}
