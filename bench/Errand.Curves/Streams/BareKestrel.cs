using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Errand.Curves.Streams;

/// <summary>
/// The limit beside which the streams are measured: Kestrel with nothing on it but an endpoint that sends one event, waits, and sends another when it is told to – no credentials,
/// no job, no heartbeat. What a stream holds here belongs to Kestrel.
/// </summary>
internal static class BareKestrel
{
    public const string Listening = "Listening on ";

    private static readonly byte[] First = Encoding.ASCII.GetBytes("event: job.snapshot\ndata: {}\n\n");
    private static readonly byte[] Last = Encoding.ASCII.GetBytes("event: job.canceled\ndata: {}\n\n");

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var told = New();
        app.Run(http => http.Request.Method == HttpMethods.Post ? TellAsync(Interlocked.Exchange(ref told, New())) : StreamAsync(http, Volatile.Read(ref told).Task));
        await app.StartAsync();
        Console.WriteLine(Listening + app.Urls.Single());
        await Console.In.ReadLineAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task TellAsync(TaskCompletionSource told)
    {
        told.SetResult();
        return Task.CompletedTask;
    }

    private static async Task StreamAsync(HttpContext http, Task told)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.WriteAsync(First, http.RequestAborted);
        await told.WaitAsync(http.RequestAborted);
        await http.Response.Body.WriteAsync(Last, http.RequestAborted);
    }
}
