using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Errand.Testing.Tests;

/// <summary>An answer, as the client of a vendor sees it.</summary>
public sealed record Answer(int Status, JsonElement Body, HttpResponseHeaders Headers);

/// <summary>Somebody who knows a vendor's API and nothing of Errand: begins jobs, looks at them, reads the vendor's words.</summary>
public sealed class Caller(FakeVendor vendor) : IDisposable
{
    public const string TwoTickets = """{"tickets":[{"id":380,"subject":"I accidentally the whole bottle"},{"id":90,"subject":"Printer on fire"}]}""";

    public static readonly TheoryData<string> Vendors = [VendorNames.Zendesk, VendorNames.Workiva, VendorNames.Alteryx];

    public HttpClient Http { get; } = vendor.CreateClient();

    /// <summary>The vendor's words for a job's stages.</summary>
    public (string Queued, string Working, string Completed, string Failed, string Canceled) Words => vendor.Name switch
    {
        VendorNames.Zendesk => ("queued", "working", "completed", "failed", "killed"),
        VendorNames.Workiva => ("queued", "started", "completed", "failed", "cancelled"),
        _ => ("Queued", "Running", "Completed/Success", "Completed/Error", "Cancelled/Cancelled"),
    };

    public Task<Answer> TryStartAsync() => vendor.Name switch
    {
        VendorNames.Zendesk => SendAsync("PUT", "/api/v2/tickets/update_many.json", TwoTickets),
        VendorNames.Workiva => SendAsync("POST", "/platform/v1/files/f1/copy", "{}"),
        _ => SendAsync("POST", $"v3/workflows/{VendorCredentials.WorkflowId}/jobs", """{"priority":"Default"}"""),
    };

    /// <summary>Begins a job; gives what its status is asked for with.</summary>
    public async Task<string> StartAsync()
    {
        var answer = await TryStartAsync();
        Assert.True(answer.Status is 200 or 202, $"{answer.Status} {answer.Body}");
        return vendor.Name switch
        {
            VendorNames.Zendesk => answer.Body.GetProperty("job_status").GetProperty("url").GetString()!,
            VendorNames.Workiva => answer.Headers.Location!.ToString(),
            _ => $"v3/jobs/{answer.Body.GetProperty("id").GetString()}",
        };
    }

    public Task<Answer> GetAsync(string url) => SendAsync("GET", url);

    /// <summary>Looks at a job and gives the vendor's word for where it is.</summary>
    public async Task<string> PollAsync(string url)
    {
        var answer = await GetAsync(url);
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
        return vendor.Name switch
        {
            VendorNames.Zendesk => answer.Body.GetProperty("job_status").GetProperty("status").GetString()!,
            VendorNames.Workiva => answer.Body.GetProperty("status").GetString()!,
            _ when answer.Body.GetProperty("disposition").GetString() is "None" => answer.Body.GetProperty("status").GetString()!,
            _ => $"{answer.Body.GetProperty("status").GetString()}/{answer.Body.GetProperty("disposition").GetString()}",
        };
    }

    /// <summary>Looks so often and gives every word.</summary>
    public async Task<string[]> PollsAsync(string url, int times)
    {
        var words = new string[times];
        for (var i = 0; i < times; i++) words[i] = await PollAsync(url);
        return words;
    }

    public async Task<Answer> SendAsync(string method, string url, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, body.Length == 0 ? default : JsonElement.Parse(body), response.Headers);
    }

    public void Dispose() => Http.Dispose();
}
