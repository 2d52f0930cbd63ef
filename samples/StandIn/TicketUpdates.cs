using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

/// <summary>Code of an app that calls Zendesk, and knows nothing of Errand: closes tickets in bulk and waits until the job is over.</summary>
internal sealed class TicketUpdates(HttpClient zendesk)
{
    /// <summary>Closes tickets; gives the ids of those that could not be closed.</summary>
    public async Task<IReadOnlyList<long>> CloseAsync(IReadOnlyList<long> ids)
    {
        var update = new Uri($"api/v2/tickets/update_many.json?ids={string.Join(',', ids)}", UriKind.Relative);
        using var begun = await zendesk.PutAsync(update, new StringContent("""{"ticket":{"status":"closed"}}""", Encoding.UTF8, "application/json"));
        var job = (await ReadAsync(begun)).GetProperty("url").GetString()!;
        while (true)
        {
            using var answer = await zendesk.GetAsync(new Uri(job));
            var status = answer.StatusCode is HttpStatusCode.TooManyRequests ? default : await ReadAsync(answer);
            if (status.ValueKind is JsonValueKind.Object && status.GetProperty("status").GetString() is "completed" or "failed" or "killed")
            {
                var failed = status.GetProperty("results").EnumerateArray().Where(result => !result.GetProperty("success").GetBoolean());
                return [.. failed.Select(result => result.GetProperty("id").GetInt64())];
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("job_status");
}
