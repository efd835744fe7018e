using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit hold</c>: a legal hold. What it covers is never hidden while it stands.</summary>
public static class AuditHoldCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var named = new Option<string?>("--object") { Description = "Hold what was done to this", HelpName = "NAME" };
        var patient = new Option<string?>("--patient") { Description = "Hold what concerns this patient, by the EHR's id or pseudonym", HelpName = "ID" };
        var source = new Option<string?>("--source") { Description = "The EHR that the patient's id is from", HelpName = "NAME" };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var verb = new Verb(connection, "hold", "Place a legal hold", "healthml audit hold --object sepsis@3 --reason 'Litigation 2026-114'");
        foreach (var option in new Option[] { named, patient, source, reason }) verb.Add(option);
        verb.Validators.Add(given =>
        {
            if (given.GetValue(named) is null == given.GetValue(patient) is null) given.AddError("Give either --object or --patient.");
        });
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            await session.Silo.Post(ApiPath.Of("audit", "holds").Where(("source", asked.GetValue(source))),
                new JsonObject { ["object"] = asked.GetValue(named), ["patient"] = asked.GetValue(patient), ["reason"] = asked.GetRequiredValue(reason) }, stop),
            hold => JsonTree.Of(hold, "held")));
    }
}
