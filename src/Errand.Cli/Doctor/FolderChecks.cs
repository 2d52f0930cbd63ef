using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Server;
using Errand.Server.Configuration;
using Errand.Storage;

namespace Errand.Cli.Doctor;

/// <summary>Looks at the configuration and the data folder of a server on this machine.</summary>
internal sealed class FolderChecks(DirectoryInfo? data, FileInfo? config, Terminal terminal)
{
    public async IAsyncEnumerable<Finding> RunAsync()
    {
        var (read, mistakes) = Read();
        if (mistakes is not null) yield return mistakes;
        else if (config is not null || File.Exists("errand.json"))
            yield return Finding.Good("configuration", $"{read.Types.Count} types, {read.Queues.Count} queues with limits");
        if (!ErrandServer.HasOAuth) yield return Finding.Doubtful("oauth", "this native executable has no token endpoint; access tokens of 'errand token' work");
        if (mistakes is null && read.Storage.PostgreSql is not null) yield return await OpenAsync("", read.Storage, "the database");
        if (data is null) yield break;
        yield return Disk(data.FullName);
        // Which database it is stands in the configuration.
        if (mistakes is null && read.Storage.PostgreSql is null) yield return await DatabaseAsync(data.FullName, read.Storage);
    }

    private (ServerConfig Config, Finding? Mistakes) Read()
    {
        try
        {
            return (ServeOptions.Load(config, terminal), null);
        }
        catch (ConfigException e)
        {
            return (new ServerConfig(), Finding.Bad("configuration", string.Join("; ", e.Errors), ExitCodes.Usage));
        }
    }

    private static Finding Disk(string folder)
    {
        var existing = new DirectoryInfo(folder);
        while (!existing.Exists && existing.Parent is { } parent) existing = parent;
        var free = new DriveInfo(existing.FullName).AvailableFreeSpace;
        return free < 1L << 30 ? Finding.Doubtful(
            "disk", $"only {When.Size(free)} are free at {folder}") : Finding.Good("disk", $"{When.Size(free)} are free at {folder}");
    }

    private async Task<Finding> DatabaseAsync(string folder, StorageConfig storage)
    {
        if (!Directory.Exists(folder)) return Finding.Good("data", $"{folder} is not there yet; 'errand serve' makes it");
        return await OpenAsync(folder, storage, folder);
    }

    private async Task<Finding> OpenAsync(string folder, StorageConfig storage, string name)
    {
        try
        {
            await using var store = await IdentityStore.OpenAsync(folder, storage, terminal.Time, CancellationToken.None);
            return Finding.Good("data", $"{name} can be opened");
        }
        catch (StorageException e)
        {
            return Finding.Bad("data", e.Message, ExitCodes.Unexpected);
        }
    }
}
