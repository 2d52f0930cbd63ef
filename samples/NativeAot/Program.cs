using System.Text.Json;
using System.Text.Json.Serialization;
using Errand;
using Errand.AspNetCore;

var builder = WebApplication.CreateSlimBuilder(args);
// json:
builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJson.Default));
builder.Services.AddErrand().UseSqlite(builder.Configuration["data"] ?? "data").AddHandler<CountWords>()
    .AddWorker(worker => worker.SerializerOptions.TypeInfoResolverChain.Add(AppJson.Default))
    .AddErrandApi(o => o.Anonymous = ErrandPrincipal.Everyone);
// :json
var app = builder.Build();
app.MapErrand("/v1");
app.MapPost("/counts", (Text text, IProgress<JobProgress> progress) =>
{
    progress.Report(new JobProgress { Percent = 50 });
    return CountWords.Count(text);
}).RunsAsJob("endpoint.count");
app.Run();

public sealed record Text(string Words);

public sealed record WordCount(int Words);

[JsonSerializable(typeof(Text)), JsonSerializable(typeof(WordCount))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
public sealed partial class AppJson : JsonSerializerContext;

[Job("text.count")]
public sealed class CountWords : IJobHandler<Text, WordCount>
{
    public Task<WordCount> RunAsync(Text input, JobContext context, CancellationToken cancellationToken) => Task.FromResult(Count(input));

    public static WordCount Count(Text text) => new(text.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
}
