using Errand;

var builder = Host.CreateApplicationBuilder(args);

// Any number of these, on any machine; stop one and its jobs go to the others.
builder.Services.AddErrandRemote(o =>
{
    o.BaseAddress = new Uri(builder.Configuration["api"] ?? "http://127.0.0.1:5244");
    o.Token = builder.Configuration["token"];
}).AddHandler<CountWords>().AddWorker();

await builder.Build().RunAsync();

public sealed record Text(string Words);

public sealed record WordCount(int Words, int Process);

[Job("text.count")]
public sealed class CountWords : IJobHandler<Text, WordCount>
{
    public async Task<WordCount> RunAsync(Text input, JobContext context, CancellationToken cancellationToken)
    {
        await context.LogAsync(JobSeverity.Info, "counting", cancellationToken: cancellationToken);
        return new WordCount(input.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, Environment.ProcessId);
    }
}
