using System.Text;
using Errand.Storage;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// <c>/livez</c>: the process answers, whatever the store does. <c>/readyz</c>: the store works and the host does not stop. <c>/startupz</c>: the engine runs. In words that tell an outsider
/// nothing; the reasons are for <c>jobs.admin</c>.
/// </summary>
internal sealed class HealthEndpoints(ErrandApi api, bool reasons)
{
    private static readonly TimeSpan CheckMax = TimeSpan.FromSeconds(5);

    public static Task LiveAsync(HttpContext http) => WriteAsync(http, StorageStatus.Healthy, []);

    public Task StartedAsync(HttpContext http) => WriteAsync(http, api.Health.Started ? StorageStatus.Healthy : StorageStatus.Unhealthy, []);

    public async Task ReadyAsync(HttpContext http)
    {
        var health = await CheckAsync(http.RequestAborted);
        await WriteAsync(http, health.Status, reasons || await IsAdminAsync(http) ? health.Reasons : []);
    }

    private async ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken)
    {
        if (!api.Health.Started) return Unhealthy("The engine has not started yet.");
        if (api.Health.Draining) return Unhealthy("The server is shutting down.");
        try
        {
            return await api.Health.CheckAsync(cancellationToken).AsTask().WaitAsync(CheckMax, api.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return Unhealthy("The store does not answer.");
        }
        catch (StorageException e)
        {
            return Unhealthy(e.Message);
        }
    }

    private async ValueTask<bool> IsAdminAsync(HttpContext http)
    {
        if (BearerToken.Of(http.Request) is not { } text) return false;
        try
        {
            return await api.Tokens.AuthenticateAsync(text, http.RequestAborted) is { Caller.IsAdmin: true };
        }
        catch (StorageException)
        {
            return false;
        }
    }

    private static StorageHealth Unhealthy(string reason) => new(StorageStatus.Unhealthy, [reason], 0, AcceptsSubmits: false, new Dictionary<string, long>());

    private static Task WriteAsync(HttpContext http, StorageStatus status, IReadOnlyList<string> reasons)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', reasons.Prepend(status.ToString())));
        http.Response.StatusCode = status is StorageStatus.Unhealthy ? 503 : 200;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = ApiAnswer.NoStore;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
