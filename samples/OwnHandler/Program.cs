using Errand;
using Errand.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddErrand().UseSqlite(builder.Configuration["data"] ?? "data").AddHandler<CountWords>()
    .AddErrandApi(o => o.Anonymous = ErrandPrincipal.Everyone);

var app = builder.Build();
app.MapErrand("/v1");
app.Run();

public sealed record Text(string Words);

public sealed record WordCount(int Words);

[Job("text.count", MaxAttempts = 3, Timeout = "00:01:00")]
public sealed class CountWords : IJobHandler<Text, WordCount>
{
    public async Task<WordCount> RunAsync(Text input, JobContext context, CancellationToken cancellationToken)
    {
        await context.LogAsync(JobSeverity.Info, "counting", cancellationToken: cancellationToken);
        return new WordCount(input.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
