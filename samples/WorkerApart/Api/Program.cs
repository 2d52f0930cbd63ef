using Errand;
using Errand.AspNetCore;

var builder = WebApplication.CreateBuilder(args);

// Keeps the jobs and answers for them; runs none. Everyone is let in here, workers too: an app of yours gives its worker a token with the scope jobs.work.
builder.Services.AddErrand().UseSqlite(builder.Configuration["data"] ?? "data")
    .AddErrandApi(o => o.Anonymous = new ErrandPrincipal("default", "anonymous", [.. ErrandScopes.Default, ErrandScopes.Work]));

var app = builder.Build();
app.MapErrand("/v1");
app.Run();
