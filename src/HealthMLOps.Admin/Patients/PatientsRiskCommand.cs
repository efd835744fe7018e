using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Patients;

/// <summary><c>healthml patients risk</c>: the score that a clinician would see now, or why there is none.</summary>
public static class PatientsRiskCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The EHR's Patient id" };
        var model = new Option<string?>("--model") { Description = "Model name (default: each)", HelpName = "NAME" };
        var source = new Option<string?>("--source") { Description = "EHR that the id belongs to", HelpName = "NAME" };
        var verb = new Verb(connection, "risk", "Show a patient's risk", "healthml patients risk 1042 --model deterioration");
        verb.Add(id);
        verb.Add(model);
        verb.Add(source);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = ApiPath.Of("patients", asked.GetRequiredValue(id), "risk")
                .Where(("model", asked.GetValue(model)), ("source", asked.GetValue(source)));
            session.Screen.Show(await session.Silo.Get(path, stop), RiskPicture.Of);
        });
    }
}
