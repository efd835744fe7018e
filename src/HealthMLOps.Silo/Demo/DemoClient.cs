using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace HealthMLOps.Demo;

/// <summary>Asks the demo's own silo over HTTP, as any client would.</summary>
public sealed class DemoClient : IDisposable
{
    private readonly HttpClient _http;

    public DemoClient(string url, string credential)
    {
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
    }

    /// <summary>A patient's current risk; null where the silo does not know the patient yet.</summary>
    public async Task<JsonObject?> Risk(string patient, string model, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync($"api/v1/patients/{Uri.EscapeDataString(patient)}/risk?model={model}", cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonObject>(cancellation);
    }

    public async Task<JsonNode> Get(string path, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync<JsonNode>(path, cancellation) ?? throw new InvalidOperationException($"{path} answered nothing.");

    public void Dispose() => _http.Dispose();
}
