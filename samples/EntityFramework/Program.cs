using Errand;
using Errand.AspNetCore;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
var data = builder.Configuration["data"] ?? "data";
builder.Services.AddErrand().UseSqlite(data).AddHandler<ConfirmOrder>()
    .AddErrandApi(o => o.Anonymous = ErrandPrincipal.Everyone);
// setup:
builder.Services.AddDbContext<Shop>((services, options) => options.UseSqlite($"Data Source={data}-shop.db").UseErrand(services));
// :setup
var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<Shop>().Database.EnsureCreatedAsync();

app.MapErrand("/v1");
// endpoint:
app.MapPost("/orders", async (Order order, Shop shop, CancellationToken cancellationToken) =>
{
    shop.Orders.Add(order);
    var job = shop.SubmitJob("order.confirm", new Confirmation(order.Article), ErrandPrincipal.Everyone.Caller);
    order.Job = job.Id.ToString();
    await shop.SaveChangesAsync(cancellationToken);
    return Results.Accepted($"/v1/jobs/{job.Id}", order);
});
// :endpoint
app.MapGet("/orders", (Shop shop) => shop.Orders.ToListAsync());
app.Run();

public sealed record Order(string Article)
{
    public int Id { get; init; }

    public string? Job { get; set; }
}

public sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Order>().HasIndex(order => order.Article).IsUnique();
}

public sealed record Confirmation(string Article);

[Job("order.confirm")]
public sealed class ConfirmOrder : IJobHandler<Confirmation, string>
{
    public Task<string> RunAsync(Confirmation input, JobContext context, CancellationToken cancellationToken) => Task.FromResult($"{input.Article} is confirmed");
}
