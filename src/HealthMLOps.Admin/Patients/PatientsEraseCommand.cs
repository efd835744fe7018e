using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Patients;

/// <summary><c>healthml patients erase</c>: destroys a patient's data key. It can't be taken back.</summary>
public static class PatientsEraseCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The EHR's Patient id" };
        var reason = new Option<string>("--reason") { Description = "On what ground; names nobody", HelpName = "TEXT", Required = true };
        var source = new Option<string?>("--source") { Description = "EHR that the id belongs to", HelpName = "NAME" };
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var verb = new Verb(connection, "erase", "Erase a patient for ever", "healthml patients erase 1042 --reason \"request of 2026-11-20\" --yes");
        verb.Add(id);
        foreach (var option in new Option[] { reason, source, yes }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm("Destroy this patient's data key? Nothing of them can be read afterwards, by anybody.", asked.GetValue(yes));
            var path = ApiPath.Of("patients", asked.GetRequiredValue(id), "erase").Where(("source", asked.GetValue(source)));
            session.Screen.Show(await session.Silo.Post(path, new JsonObject { ["reason"] = asked.GetRequiredValue(reason) }, stop), answer => JsonTree.Of(answer, "patient"));
        });
    }
}
