using Errand.Cli.Rendering;
using Errand.Client;

namespace Errand.Cli.Doctor;

/// <summary>Looks at a server from outside.</summary>
internal sealed class ServerChecks(HttpJobClient client, TimeProvider time)
{
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<Finding> RunAsync()
    {
        var (alive, clock) = await ReachAsync();
        yield return alive;
        if (alive.ExitCode != ExitCodes.Ok) yield break;
        if (clock is not null) yield return clock;
        yield return await ReadyAsync();
        var access = await AccessAsync();
        yield return access;
        if (access.ExitCode != ExitCodes.Ok) yield break;
        yield return await TypesAsync();
        yield return await QueuesAsync();
    }

    private async Task<(Finding Alive, Finding? Clock)> ReachAsync()
    {
        try
        {
            using var response = await client.SendAsync(HttpMethod.Get, "livez");
            var alive = response.IsSuccessStatusCode
                ? Finding.Good("server", $"{client.Server} answers")
                : Finding.Bad("server",
                    $"{client.Server}livez answers {(int)response.StatusCode}. Is it an Errand server?", ExitCodes.Unreachable);
            return (alive, response.Headers.Date is { } date ? Clock(date) : null);
        }
        catch (ErrandUnreachableException e)
        {
            return (Finding.Bad("server", $"{e.Message} Start one with 'errand dev', or name it with --url.", ExitCodes.Unreachable), null);
        }
    }

    private Finding Clock(DateTimeOffset server)
    {
        var skew = (server - time.GetUtcNow()).Duration();
        return skew <= TolerableSkew
            ? Finding.Good("clock", "agrees with the server's")
            : Finding.Doubtful("clock", $"differs from the server's by {When.Short(skew)}: set one of them right, or times will confuse");
    }

    private async Task<Finding> ReadyAsync()
    {
        using var response = await client.SendAsync(HttpMethod.Get, "readyz");
        var said = (await response.Content.ReadAsStringAsync()).Trim();
        return response.IsSuccessStatusCode
            ? said.StartsWith("Healthy", StringComparison.Ordinal) ? Finding.Good("store", said) : Finding.Doubtful("store", said)
            : Finding.Bad("store", $"{said}: the server cannot serve now; its log says why", ExitCodes.Unreachable);
    }

    private async Task<Finding> AccessAsync()
    {
        try
        {
            var stats = await client.StatsAsync();
            var failed = stats.Jobs.GetValueOrDefault("failed");
            return Finding.Good("token",
                $"accepted; {stats.Jobs.Values.Sum()} jobs, {failed} of them failed, {stats.Workers} workers with {stats.Slots} slots");
        }
        catch (ErrandApiException e)
        {
            return Finding.Bad("token", e.Message, ExitCodes.NotAllowed);
        }
    }

    private async Task<Finding> TypesAsync()
    {
        var types = await client.TypesAsync().ToArrayAsync();
        if (types.Length == 0) return Finding.Doubtful("types", "none is declared: add them to errand.json under \"types\"");
        var idle = types.Where(type => type.Workers == 0).Select(type => type.Name).ToArray();
        return idle.Length == 0
            ? Finding.Good("types", $"{types.Length}, each with a worker")
            : Finding.Doubtful("types", $"no worker runs {string.Join(", ", idle)}: their jobs wait until one does");
    }

    private async Task<Finding> QueuesAsync()
    {
        var stuck = await client.QueuesAsync().Where(queue => queue is { Paused: true, Queued: > 0 }).Select(
            queue => $"{queue.Name} ({queue.Queued} jobs wait)").ToArrayAsync();
        return stuck.Length == 0
            ? Finding.Good("queues", "none is paused with jobs in it")
            : Finding.Doubtful("queues", $"paused: {string.Join(", ", stuck)}. Resume with 'errand queue resume NAME'");
    }
}
