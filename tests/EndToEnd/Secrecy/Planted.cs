using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Secrecy;

/// <summary>A session full of marked identifiers, texts and values, sent right and wrong through every door.</summary>
/// <remarks>Each mark says what it was, so that a find names its hole.</remarks>
internal sealed class Planted(SiloProcess silo, Caller owner)
{
    public const string Mark = "kanarienvogel";
    public const string Patient = "pat-" + Mark;
    public const string Value = "7431.559";
    private const string Pulse = "obs-" + Mark;
    private const string Notify = "/fhir/notify/" + Site.FirstSource;
    private const string Json = "application/json";

    private readonly List<Answer> _errors = [];

    /// <summary>Every answer that is an error, or an acknowledgement of one. What is stored is told its address, to its sender alone.</summary>
    public IReadOnlyList<string> Errors => [.. _errors.Select(e => e.Text)];

    /// <summary>What an EHR sends rightly: it becomes facts, names in the vault, and nothing else.</summary>
    public async Task SendWell()
    {
        var named = A.Patient(Patient);
        named["name"] = new JsonArray(new JsonObject { ["family"] = Mark + "-family", ["given"] = new JsonArray(Mark + "-given") });
        named["address"] = new JsonArray(new JsonObject { ["line"] = new JsonArray(Mark + "-street 7"), ["city"] = Mark + "-city" });
        named["telecom"] = new JsonArray(new JsonObject { ["system"] = "phone", ["value"] = Mark + "-phone" });
        named["text"] = new JsonObject { ["status"] = "generated", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{Mark}-narrative</div>" };
        named["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:mrn", ["value"] = Mark + "-mrn" });
        var noted = A.Pulse(Pulse, Patient, 70, A.Morning);
        noted["note"] = new JsonArray(new JsonObject { ["text"] = Mark + "-note" });
        noted["code"]!["coding"]![0]!["display"] = Mark + "-display";
        noted["code"]!["text"] = Mark + "-code-text";
        foreach (var resource in (JsonObject[])[named, noted, A.Stay("enc-" + Mark, Patient, A.Morning), A.Observation(Pulse + "-valued", Patient, "2339-0", decimal.Parse(Value, System.Globalization.CultureInfo.InvariantCulture), "mg/dL", A.Morning)])
            Assert.True((await owner.Put(resource)).Status == HttpStatusCode.Created, resource.ToJsonString());
        await owner.Put($"{Notify}/Observation/{Pulse}", A.Pulse(Pulse, Patient, 71, A.Morning, version: 2));
        await owner.Post($"{Notify}/Observation/{Pulse}-ping");
        await owner.Delete($"{Notify}/Observation/{Pulse}-gone");
        await owner.Delete($"/fhir/Condition/con-{Mark}");
        await owner.Get($"/api/v1/patients/{Patient}/risk");
        await owner.Get($"/api/v1/patients/{Patient}/features?set=deterioration");
        await owner.Get($"/fhir/RiskAssessment?subject=Patient/{Patient}");
    }

    /// <summary>Resources that no reader takes, through every door that takes resources.</summary>
    public async Task SendWrong()
    {
        foreach (var bad in Broken())
        {
            var (type, id, text) = ($"{bad["resourceType"]}", $"{bad["id"]}", bad.ToJsonString());
            await Tried(owner.Put($"/fhir/{type}/{id}", bad.DeepClone()));
            await Tried(owner.Post("/fhir/" + type, bad.DeepClone()));
            await Tried(owner.Post("/fhir", A.Batch((JsonObject)bad.DeepClone())));
            await Tried(owner.Put($"{Notify}/{type}/{id}", bad.DeepClone()));
            await Tried(owner.Put($"{Notify}/{type}/{id}-else", bad.DeepClone()));
            await Tried(owner.Post(Notify, Notification((JsonObject)bad.DeepClone())));
            await Tried(owner.Put($"/fhir/{type}/{id}-else", bad.DeepClone()));
            await Tried(owner.Send(HttpMethod.Put, $"/fhir/{type}/{id}", text[..^3]));
        }
        foreach (var body in (string[])[Mark, $"\"{Mark}\"", $$"""{"resourceType":"{{Mark}}","id":"{{Mark}}"}""", $$"""{"{{Mark}}":"{{Mark}}",""", $$"""{"resourceType":"Observation","{{Mark}}":{} }""", $$"""{"resourceType":"Bundle","type":"{{Mark}}","id":"{{Mark}}"}"""])
            foreach (var path in (string[])["/fhir", "/fhir/Observation", "/fhir/" + Mark, Notify, "/fhir/notify/" + Mark])
            {
                await Tried(owner.Send(HttpMethod.Post, path, body));
                await Tried(owner.Send(HttpMethod.Post, path, body, "text/plain"));
            }
        await Tried(owner.Send(HttpMethod.Put, $"/fhir/{Mark}/{Mark}", "{}"));
        await Tried(owner.Delete($"/fhir/{Mark}/{Mark}"));
        await Import();
    }

    /// <summary>Questions that are refused: unknown patients, sets, times, parameters and routes; by strangers and with false credentials.</summary>
    public async Task AskWrong()
    {
        foreach (var caller in (Caller[])[owner, new Caller(silo, null), new Caller(silo, Mark + "-token"), new Caller(silo, $"eyJhbGciOiJub25lIn0.{Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"sub":"{{Mark}}"}"""))}.{Mark}")])
            foreach (var path in (string[])[
                $"/api/v1/patients/{Mark}/risk", $"/api/v1/patients/{Mark}/risk?model={Mark}%20{Mark}", $"/api/v1/patients/{Mark}/features?set={Mark}",
                $"/api/v1/patients/{Mark}/features?set=deterioration&asOf={Mark}", $"/api/v1/patients/{Mark}/history?after={Mark}", $"/api/v1/patients/{Mark}/history?count={Mark}",
                $"/api/v1/patients/{Patient}/risk?source={Mark}", $"/api/v1/patients/{Patient}/shadow-scores?model={Mark}%40", $"/api/v1/patients/by-pseudonym/{Mark}/identity",
                $"/fhir/RiskAssessment?subject={Mark}/{Mark}", $"/fhir/RiskAssessment?{Mark}={Mark}", $"/fhir/AuditEvent?patient={Mark}&{Mark}={Mark}", $"/api/v1/audit/entries?patient={Mark}&after={Mark}",
                $"/api/v1/quarantine?status={Mark}", $"/api/v1/imports/{Mark}", $"/api/v1/rings/{Mark}%40", $"/api/v1/packages/{Mark}", $"/api/v1/signatures/{Mark}", $"/{Mark}", $"/{Mark}%00%ff/{Mark}?{Mark}"])
                await Tried(caller.Get(path));
        await Tried(owner.Get("/api/v1/quarantine"));
        using var odd = new HttpRequestMessage(new HttpMethod(Mark.ToUpperInvariant()), $"/api/v1/patients/{Mark}/risk");
        foreach (var name in (string[])["X-Request-Id", "X-Purpose-Of-Use", "Cookie", "Referer", "tracestate", "baggage", "Origin", "X-Forwarded-For", "X-Medplum-Deleted-Resource", "If-Match"])
            odd.Headers.TryAddWithoutValidation(name, name is "tracestate" or "baggage" ? $"{Mark}={Mark}" : Mark);
        odd.Headers.TryAddWithoutValidation("User-Agent", Mark);
        odd.Headers.TryAddWithoutValidation("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        odd.Headers.Authorization = new AuthenticationHeaderValue("Basic", Mark);
        using var answered = await silo.Http.SendAsync(odd, TestContext.Current.CancellationToken);
        _errors.Add(new Answer(answered.StatusCode, await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) + answered.Headers, null));
    }

    /// <summary>What people of the control plane write, in words that may name a patient.</summary>
    public async Task ActWithWords()
    {
        await Tried(Told("/api/v1/rings/halts", new { scope = "global", reason = Mark + "-halt" }));
        await Tried(Told("/api/v1/rings/halts/" + Mark + "/restart", new { checklist = Mark }));
        await Tried(Told("/api/v1/rings/drills", new { reason = Mark + "-drill" }));
        await Told("/api/v1/audit/holds", new { patient = Patient, reason = Mark + "-hold" }); // Told back to whom may read it.
        await Tried(Told("/api/v1/audit/holds", new { @object = Mark + "-object\n", reason = Mark + "-hold" }));
        await Tried(Told("/api/v1/break-glass", new { reason = Mark, explanation = Mark + "-explanation", patient = Patient, credential = Mark + "-credential" }));
        await Tried(Told("/api/v1/feedback", new { patient = Patient, model = "deterioration", version = 1, verdict = Mark }));
        await Tried(Told("/api/v1/feedback", new { patient = Patient, model = Mark + "@", version = 1, verdict = "agree" }));
        await Tried(Told("/api/v1/feedback", new { patient = Patient, model = "deterioration", version = 1, verdict = "agree" }));
        await Tried(Told("/api/v1/signatures", new { meaning = Mark, subject = Mark, digest = Mark, role = Mark, credential = Mark }));
        await Tried(Told("/api/v1/models", new { packageDigest = Mark }));
        await Tried(Told("/api/v1/runs", new { featureSet = Mark, cohort = Mark, label = Mark, algorithm = Mark, model = Mark }));
        await Tried(Told("/api/v1/rings/deterioration/plan", new { version = 1, ring = "canary", command = Mark }));
        await Tried(Told("/api/v1/clients", new { id = Mark + "@", name = Mark, roles = new[] { Mark }, scopes = new[] { Mark } }));
        await Tried(Told("/api/v1/users", new { id = Mark, name = Mark, roles = new[] { Mark } }));
        await Tried(owner.Send(HttpMethod.Post, "/api/v1/users", $$"""{"id": {{Mark}} }""", Json));
        await Tried(owner.Send(HttpMethod.Post, "/auth/token", $"grant_type=client_credentials&client_id={Mark}&client_assertion={Mark}&client_assertion_type={Mark}&scope={Mark}", "application/x-www-form-urlencoded"));
        await Tried(Told("/api/v1/patients/" + Patient + "-other/erase", new { reason = Mark + "-erasure" }));
    }

    private async Task Import()
    {
        var begun = await owner.Send(HttpMethod.Post, "/api/v1/imports", new JsonObject { ["name"] = Mark + "-import", ["files"] = new JsonArray(new JsonObject { ["name"] = Mark + ".ndjson", ["bytes"] = 1 }) }.ToJsonString(), Json);
        var chunks = $"/api/v1/imports/{begun.Json["id"]}/files/0/chunks/";
        var lines = string.Join('\n', Broken().Select(b => b.ToJsonString()).Append(Mark).Append($$"""{"{{Mark}}":"""));
        await Tried(owner.Send(HttpMethod.Put, chunks + "0", lines, "application/fhir+ndjson"));
        await Tried(owner.Send(HttpMethod.Put, chunks + "1", A.Batch([.. Broken()]).ToJsonString()));
        await Tried(owner.Send(HttpMethod.Put, chunks + "2", Mark));
        await Tried(owner.Send(HttpMethod.Put, chunks + Mark, Mark));
    }

    private static List<JsonObject> Broken()
    {
        JsonObject Changed(string kind, Action<JsonObject> change)
        {
            var resource = A.Pulse($"{Pulse}-{kind}", Patient, 70, A.Morning);
            change(resource);
            return resource;
        }
        return
        [
            Changed("time", r => r["effectiveDateTime"] = Mark), Changed("quantity", r => r["valueQuantity"] = Mark),
            Changed("value", r => r["valueQuantity"]!["value"] = Value), Changed("unit", r => { r["valueQuantity"]!["code"] = Mark; r["valueQuantity"]!["unit"] = Mark; }),
            Changed("system", r => r["valueQuantity"]!["system"] = Mark), Changed("status", r => r["status"] = Mark),
            Changed("subject", r => r["subject"] = new JsonObject { ["reference"] = $"Group/{Mark}", ["display"] = Mark }),
            Changed("conditional", r => r["subject"] = new JsonObject { ["reference"] = $"Patient?identifier=mrn|{Mark}" }),
            Changed("code", r => r["code"] = Mark), Changed("meta", r => r["meta"] = new JsonObject { ["lastUpdated"] = Mark, ["versionId"] = Mark }),
            Changed("extension", r => r["modifierExtension"] = new JsonArray(new JsonObject { ["url"] = Mark, ["valueString"] = Mark })),
            Changed("rules", r => r["implicitRules"] = Mark),
            new() { ["resourceType"] = "Patient", ["id"] = Patient + "-birth", ["birthDate"] = Mark, ["name"] = new JsonArray(Mark) },
            new() { ["resourceType"] = "Encounter", ["id"] = "enc-" + Mark, ["status"] = "in-progress", ["class"] = Mark, ["subject"] = new JsonObject { ["reference"] = "Patient/" + Patient } },
            new() { ["resourceType"] = "Condition", ["id"] = "con-" + Mark, ["code"] = new JsonObject { ["text"] = Mark }, ["subject"] = Mark, ["onsetDateTime"] = Mark },
        ];
    }

    private static JsonObject Notification(JsonObject carried) => new()
    {
        ["resourceType"] = "Bundle", ["type"] = "history",
        ["entry"] = new JsonArray(
            new JsonObject
            {
                ["fullUrl"] = "urn:uuid:" + Mark,
                ["resource"] = new JsonObject
                {
                    ["resourceType"] = "SubscriptionStatus", ["status"] = "active", ["type"] = "event-notification", ["topic"] = "http://" + Mark,
                    ["subscription"] = new JsonObject { ["reference"] = "Subscription/" + Mark },
                    ["notificationEvent"] = new JsonArray(new JsonObject { ["eventNumber"] = "1", ["focus"] = new JsonObject { ["reference"] = $"{carried["resourceType"]}/{carried["id"]}" } }),
                },
            },
            new JsonObject { ["resource"] = carried, ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{carried["resourceType"]}/{carried["id"]}" } }),
    };

    private Task<Answer> Told(string path, object body) => owner.Send(HttpMethod.Post, path, System.Text.Json.JsonSerializer.Serialize(body), Json);

    private async Task Tried(Task<Answer> asked) => _errors.Add(await asked);
}
