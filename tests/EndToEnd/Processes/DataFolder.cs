using System.Text.Json.Nodes;

namespace Errand.EndToEnd.Tests;

/// <summary>A fresh folder for a server's data and its configuration, removed at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    public DataFolder(string? below = null)
    {
        Root = Directory.CreateTempSubdirectory("errand-e2e-").FullName;
        Data = below ?? System.IO.Path.Combine(Root, "data");
        Directory.CreateDirectory(Data);
    }

    public string Root { get; }

    public string Data { get; }

    public string WriteConfig(JsonObject config)
    {
        var path = System.IO.Path.Combine(Root, "errand.json");
        File.WriteAllText(path, config.ToJsonString());
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
