using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Transport;

namespace HealthMLOps.Hosting;

/// <summary>The server's HTTP interface. Every request here is safe to repeat, so busy and absent servers are tried again.</summary>
public sealed class SiloClient : IDisposable
{
    /// <summary>Longer answers than this are a fault, except where a call says so.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Action<string> _note;

    /// <param name="server">Its address.</param>
    /// <param name="credential">The operator's.</param>
    /// <param name="authority">Who must have certified the server; null = an authority that this machine trusts.</param>
    /// <param name="clock">For retries.</param>
    /// <param name="note">Told what the operator should know while they wait.</param>
    public SiloClient(Uri server, Credential credential, TrustedAuthority? authority, TimeProvider clock, Action<string> note)
    {
        // Redirects are not followed: the credential goes to the named server and to no other. Loopback needs no proxy.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !server.IsLoopback };
        if (authority is not null) handler.SslOptions.CertificateChainPolicy = authority.Policy();
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = credential.ToHeader();
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json, application/problem+json, application/fhir+json;q=0.9, */*;q=0.1");
        (_clock, _note) = (clock, note);
    }

    /// <summary>For how long requests are tried again; a long command sets it once.</summary>
    public Retries Retries { get; set; } = Retries.Impatient;

    public Task<JsonElement> Get(string path, CancellationToken stop) =>
        Json(() => new HttpRequestMessage(HttpMethod.Get, path), AnswerTimeMax, stop);

    public Task<JsonElement> Post(string path, JsonNode? body, CancellationToken stop) => Post(path, body, AnswerTimeMax, stop);

    /// <summary>For a server that thinks for long before it answers.</summary>
    public Task<JsonElement> Post(string path, JsonNode? body, TimeSpan answerTimeMax, CancellationToken stop) =>
        Json(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) }, answerTimeMax, stop);

    /// <param name="content">Called once for each try.</param>
    public Task<JsonElement> Put(string path, Func<HttpContent> content, CancellationToken stop) =>
        Json(() => new HttpRequestMessage(HttpMethod.Put, path) { Content = content() }, AnswerTimeMax, stop);

    /// <summary>Hands the answer's bytes to the reader as they arrive.</summary>
    public async Task Download(string path, Func<Stream, Task> reader, CancellationToken stop)
    {
        using var answer = await Answer(
            () => new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead, AnswerTimeMax, stop);
        await using var bytes = await answer.Content.ReadAsStreamAsync(stop);
        await reader(bytes);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> Json(Func<HttpRequestMessage> request, TimeSpan answerTimeMax, CancellationToken stop)
    {
        using var answer = await Answer(request, HttpCompletionOption.ResponseContentRead, answerTimeMax, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        try
        {
            using var document = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new CommandFailed(ExitCode.Refused, "The server's answer is not JSON. Is this address a HealthMLOps silo?");
        }
    }

    private async Task<HttpResponseMessage> Answer(
        Func<HttpRequestMessage> request, HttpCompletionOption until, TimeSpan answerTimeMax, CancellationToken stop)
    {
        long? firstFailure = null;
        for (var tries = 1; ; tries++)
        {
            var (answer, unreachable) = await Try(request, until, answerTimeMax, stop);
            if (answer is { IsSuccessStatusCode: true }) return answer;

            var failingFor = _clock.GetElapsedTime(firstFailure ??= _clock.GetTimestamp());
            var pause = answer is null ? Retries.AfterNoConnection(tries, failingFor)
                : IsBusy(answer) ? Retries.AfterBusy(tries, failingFor, RetryAfter(answer))
                : null;
            using (answer)
            {
                if (pause is null) throw answer is null ? Unreachable(unreachable) : await Refusal(answer, stop);
            }
            if (tries == 1) _note(answer is null ? "The server is away; trying again." : "The server is busy; waiting as it asked.");
            await Task.Delay(pause.Value, _clock, stop);
        }
    }

    private async Task<(HttpResponseMessage? Answer, string Unreachable)> Try(
        Func<HttpRequestMessage> request, HttpCompletionOption until, TimeSpan answerTimeMax, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(answerTimeMax);
        try
        {
            using var message = request();
            return (await _http.SendAsync(message, until, limit.Token), "");
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new CommandFailed(ExitCode.Unreachable,
                $"The server {_http.BaseAddress} does not prove who it is: {failure.InnerException?.Message ?? failure.Message} Name its authority's certificate with --ca or {ConnectionOptions.AuthorityVariable}.");
        }
        catch (HttpRequestException failure)
        {
            return (null, failure.InnerException?.Message ?? failure.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (null, $"no answer within {answerTimeMax.TotalSeconds:0} s");
        }
    }

    private static bool IsBusy(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter?.Delta ?? answer.Headers.RetryAfter?.Date - _clock.GetUtcNow();
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    private CommandFailed Unreachable(string reason) =>
        new(ExitCode.Unreachable, $"The server {_http.BaseAddress} can't be reached: {reason}.");

    private static async Task<CommandFailed> Refusal(HttpResponseMessage answer, CancellationToken stop)
    {
        var exitCode = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? ExitCode.NotAuthorised : ExitCode.Refused;
        return new CommandFailed(exitCode, ServerWords.Of(answer.StatusCode, await answer.Content.ReadAsStringAsync(stop)));
    }
}
