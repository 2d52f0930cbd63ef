using System.Net;
using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore.Tests;

public sealed class ProblemTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public void Every_name_of_the_core_has_its_kind()
    {
        var names = typeof(JobProblems).GetFields().Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal);

        Assert.Equal(names, ProblemCatalog.All.Select(k => k.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_kind_has_a_page_that_the_server_itself_shows()
    {
        foreach (var kind in ProblemCatalog.All)
        {
            var page = await server.As(null).FetchAsync($"problems/{kind.Name}");
            Assert.Equal("text/markdown", page.Content.Headers.ContentType!.MediaType);
            var text = await page.Content.ReadAsStringAsync();
            Assert.Contains($"`{kind.Name}` · HTTP {kind.Status} · `code: \"{kind.Code}\"`", text, StringComparison.Ordinal);
            Assert.StartsWith($"# {kind.Title}\n", text, StringComparison.Ordinal);
        }

        await server.As(null).FetchAsync("problems/none").ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Every_error_code_of_jobs_is_explained()
    {
        var page = await (await server.As(null).FetchAsync("problems/job-errors")).Content.ReadAsStringAsync();

        Assert.All(typeof(JobErrorCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!), code => Assert.Contains($"id=\"{code}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_type_of_a_problem_leads_to_its_page()
    {
        var answer = await server.As().FetchAsync("jobs?no=1");
        var type = (await answer.JsonAsync()).Text("type");

        Assert.Equal($"<{type}>; rel=\"describedby\"", answer.Header("Link"));
        Assert.Equal(HttpStatusCode.OK, (await server.As(null).FetchAsync(type)).StatusCode);
    }

    [Theory]
    [InlineData(StorageFault.Unavailable, 503, "store_unavailable")]
    [InlineData(StorageFault.OutcomeUnknown, 503, "store_unavailable")]
    [InlineData(StorageFault.Full, 507, "store_full")]
    [InlineData(null, 500, "internal")]
    public async Task What_breaks_below_is_told_in_words_of_the_catalogue(StorageFault? fault, int status, string code)
    {
        Exception error = fault switch
        {
            null => new InvalidOperationException("secret detail"),
            StorageFault.OutcomeUnknown => new OutcomeUnknownException("The write may have happened."),
            _ => new StorageException(fault.Value, "secret detail"),
        };
        await using var host = await ApiServer.StartAsync(new ApiServer { WithWorker = false, ConfigureServices = s => s.AddSingleton<IJobTypes>(new Broken(error)) });
        var answer = await host.As().FetchAsync("job-types");

        Assert.Equal(status is 503 or 507, answer.Headers.RetryAfter is not null);
        var problem = await Task.FromResult(answer).ProblemAsync(status, code);
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
    }

    private sealed class Broken(Exception error) : IJobTypes
    {
        public ValueTask<IReadOnlyList<KnownType>> ListAsync(CancellationToken cancellationToken = default) => throw error;
    }
}
