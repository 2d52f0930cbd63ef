using System.Text.Json;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Reads a stream of all jobs, and holds each event against those before it: no job is told twice, or of an earlier version.</summary>
internal sealed class JobFollower(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, (long Version, string Status)> _seen = new(StringComparer.Ordinal);

    /// <summary>Reads on until all of these jobs were told to be in this state.</summary>
    public async Task UntilAsync(string status, params IReadOnlyCollection<string> ids)
    {
        while (!ids.All(id => _seen.GetValueOrDefault(id).Status == status))
        {
            var line = await lines.ReadLineAsync().WaitAsync(Patience);
            Assert.NotNull(line);
            if (line.StartsWith("data: ", StringComparison.Ordinal)) See(JsonDocument.Parse(line[6..]).RootElement.GetProperty("job"));
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }

    private void See(JsonElement job)
    {
        var (id, version) = (job.GetProperty("id").GetString()!, job.GetProperty("version").GetInt64());
        Assert.True(version > _seen.GetValueOrDefault(id).Version, $"{id} was told at version {version} after {_seen.GetValueOrDefault(id).Version}");
        _seen[id] = (version, job.GetProperty("status").GetString()!);
    }
}
