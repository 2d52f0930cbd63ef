using Errand;
using Errand.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddErrand().UseSqlite(builder.Configuration["data"] ?? "data").AddWorker().AddDialect<TaskWire>()
    .AddErrandApi(o => o.Anonymous = ErrandPrincipal.Everyone);

var app = builder.Build();
app.MapErrand("/v1");
app.MapErrandDialect("/tasks", "tasks");
app.MapPost("/greetings", (string name) => $"Hello, {name}").RunsAsJob("greeting.write");
app.Run();
