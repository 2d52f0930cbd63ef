using System.Text;

namespace Errand.Cli.Demo;

/// <summary>A few jobs to look at.</summary>
internal static class DemoLoad
{
    private static readonly (string Input, TimeSpan? Delay)[] Jobs =
    [
        ("""{"rows":500}""", null),
        ("""{"rows":60,"delayMs":50}""", null),
        ("""{"rows":40,"fail":true}""", null),
        ("""{"rows":100}""", TimeSpan.FromMinutes(1)),
    ];

    /// <summary>Submits them as the owner of the token; returns the first, which runs longest.</summary>
    public static async Task<string> SubmitAsync(IJobClients clients, CancellationToken cancellationToken)
    {
        var client = clients.For(new JobCaller(JobNames.DefaultTenant, "dev"));
        string? first = null;
        foreach (var (input, delay) in Jobs)
        {
            var submission = new JobSubmission { Type = DemoReport.TypeName, Input = Encoding.UTF8.GetBytes(input), Delay = delay };
            var receipt = await client.SubmitAsync(submission, cancellationToken: cancellationToken);
            first ??= receipt.Job.Head.Id.ToString();
        }

        return first!;
    }

    /// <summary>What to try now.</summary>
    public static string Hints(string url, string token, string job) =>
        $$"""

        A job is running. Look at it:
          errand watch {{job}}
          curl -i -H 'Authorization: Bearer {{token}}' {{url}}/v1/jobs/{{job}}
          curl -N -H 'Authorization: Bearer {{token}}' -H 'Accept: text/event-stream' {{url}}/v1/jobs/{{job}}/events
        Submit one:
          curl -i -H 'Authorization: Bearer {{token}}' {{url}}/v1/jobs --json '{"type":"demo.report","input":{"rows":500} }'
        The API, to try in a browser: {{url}}/docs
        """;
}
