namespace Errand.Load.Http;

/// <summary>How long a server takes to its first answer, and what it costs while nobody asks.</summary>
internal sealed class StartLoad(Report report, HttpSettings settings, HttpClient client, string root)
{
    private const string Start = "start to first answer";
    private const string Idle = "idle server";
    private const int Starts = 7;

    private static readonly TimeProvider Time = TimeProvider.System;

    public async Task RunAsync()
    {
        if (settings.Wants(Start)) await StartsAsync();
        if (settings.Wants(Idle)) await IdleAsync();
    }

    private async Task StartsAsync()
    {
        List<(string Name, string Program, List<double> Times)> builds = [(Start, settings.Executable, [])];
        if (settings.Before is { } before) builds.Add(($"{Start}, the build before", before, []));
        if (settings.Native is { } native) builds.Add(($"{Start}, native executable", native, []));
        for (var round = 0; round < Starts; round++)
        {
            foreach (var (name, program, times) in builds)
            {
                await using var server = await ServeAsync(program);
                times.Add(server.Began.TotalMilliseconds);
            }
        }

        foreach (var (name, _, times) in builds) report.Add(name, Report.Median(times), "ms");
    }

    private async Task IdleAsync()
    {
        foreach (var (n, program) in settings.Builds.Index())
        {
            await using var server = await ServeAsync(program);
            await server.ReadyAsync(client, "/readyz");
            await Task.Delay(settings.Rest, Time);
            var (before, since) = (server.Processor, Time.GetTimestamp());
            await Task.Delay(settings.Rest, Time);
            var name = n == 0 ? Idle : $"{Idle}, the build before";
            report.Add($"{name}, CPU", (server.Processor - before) / Time.GetElapsedTime(since) * 100, "% of a core");
            report.Add($"{name}, memory", server.MiB, "MiB");
        }
    }

    /// <summary>On a folder that a server was on before.</summary>
    private async Task<ServerProcess> ServeAsync(string program)
    {
        var folder = Path.Combine(root, "start");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            await Contender.ConfigureAsync(folder, null, "");
            await using var first = await ServeAsync(program);
        }

        var url = Commands.FreeUrl();
        return await ServerProcess.StartAsync(client, url, "/livez", program, Contender.Serve(url, folder));
    }
}
