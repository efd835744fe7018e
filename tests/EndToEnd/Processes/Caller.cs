using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>Somebody who calls a silo over HTTP, with a credential or without.</summary>
public sealed class Caller(SiloProcess silo, string? credential)
{
    public const string Fhir = "application/fhir+json";

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<Answer> Post(string path, JsonNode? body = null) => Send(HttpMethod.Post, path, body?.ToJsonString() ?? "");

    public Task<Answer> Put(string path, JsonNode body) => Send(HttpMethod.Put, path, body.ToJsonString());

    /// <summary>PUT of a resource at its own address.</summary>
    public Task<Answer> Put(JsonObject resource) => Put($"/fhir/{resource["resourceType"]}/{resource["id"]}", resource);

    public async Task<Answer> Send(HttpMethod method, string path, string? body, string mediaType = Fhir)
    {
        using var request = new HttpRequestMessage(method, path);
        if (credential is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        using var response = await silo.Http.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>The answer's JSON; anything but success fails the test with the answer's words.</summary>
    public async Task<JsonObject> Read(string path)
    {
        var answer = await Get(path);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{path} answered {(int)answer.Status}: {answer.Text}");
        return answer.Json;
    }

    /// <summary>Every version that a patient's history holds, over all pages.</summary>
    public async Task<List<JsonObject>> History(string patient, string source = Site.FirstSource, int count = 100_000)
    {
        var facts = new List<JsonObject>();
        for (var after = ""; ;)
        {
            var page = await Read($"/api/v1/patients/{patient}/history?source={source}&count={count}&after={after}");
            facts.AddRange(page["facts"]!.AsArray().Select(f => f!.AsObject()));
            if (page["next"] is not { } next) return facts;
            after = next.GetValue<string>();
        }
    }
}

public sealed record Answer(HttpStatusCode Status, string Text, string? MediaType)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>Codes of an OperationOutcome's issues.</summary>
    public string[] Codes => [.. Json["issue"]!.AsArray().Select(i => i!["details"]!["coding"]![0]!["code"]!.GetValue<string>())];
}
