using System.ComponentModel.DataAnnotations;
using Errand;
using Errand.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.Services.AddErrand().UseSqlite(builder.Configuration["data"] ?? "data").AddWorker()
    .AddErrandApi(o => o.Anonymous = ErrandPrincipal.Everyone);

var app = builder.Build();
app.MapErrand("/v1");
app.MapPost("/reports", async (ReportRequest request, IProgress<JobProgress> progress, CancellationToken cancellationToken) =>
{
    for (var row = 1; row <= request.Rows; row++)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        progress.Report(new JobProgress { Completed = row, Total = request.Rows });
    }

    return new ReportSummary(request.Month, request.Rows);
}).RunsAsJob("report.export");
app.Run();

public sealed record ReportRequest([property: RegularExpression(@"\d{4}-\d{2}")] string Month, [property: Range(1, 10_000)] int Rows);

public sealed record ReportSummary(string Month, int Rows);
