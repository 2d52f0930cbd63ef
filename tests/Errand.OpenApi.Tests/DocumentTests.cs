using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Errand.OpenApi.Tests;

public sealed class DocumentTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("errand-openapi-").FullName;

    private string Data => Path.Combine(folder, "data");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_build_time_generator_shows_the_202_with_its_headers_and_schema_and_opens_no_store()
    {
        var document = await GenerateAsync();

        Assert.False(Directory.Exists(Data));
        var operation = document["paths"]!["/reports"]!["post"]!;
        Assert.Equal(["Idempotency-Key", "Prefer"], operation["parameters"]!.AsArray().Select(p => (string)p!["name"]!).Order(StringComparer.Ordinal));
        Assert.Equal(["200", "202"], operation["responses"]!.AsObject().Select(answer => answer.Key).Order(StringComparer.Ordinal));
        var accepted = operation["responses"]!["202"]!;
        Assert.Equal([], ((string[])["Operation-Location", "Location", "Content-Location", "Retry-After", "ETag"]).Except(accepted["headers"]!.AsObject().Select(header => header.Key)));
        var schema = SchemaOf(document, accepted);
        Assert.Equal([], ((string[])["id", "status", "done", "links", "progress"]).Except(schema["properties"]!.AsObject().Select(property => property.Key)));
        Assert.Equal(
            """["scheduled","queued","running","canceling","succeeded","failed","canceled"]""", document["components"]!["schemas"]!["JobStatus"]!["enum"]!.ToJsonString());
        Assert.Equal("integer", (string?)schema["properties"]!["attempt"]!["type"]);
        Assert.Equal(schema.ToJsonString(), SchemaOf(document, operation["responses"]!["200"]!).ToJsonString());

        var other = document["paths"]!["/echo"]!["post"]!;
        Assert.Null(other["parameters"]);
        Assert.Null(other["responses"]!["202"]!["headers"]);
    }

    private static JsonNode SchemaOf(JsonNode document, JsonNode answer)
    {
        var schema = answer["content"]!["application/json"]!["schema"]!;
        return schema["$ref"] is { } reference ? document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]! : schema;
    }

    private async Task<JsonNode> GenerateAsync()
    {
        var assembly = typeof(DocumentTests).Assembly;
        var tools = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ApiDescriptionTools").Value!;
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [DocumentedApp.DataVariable] = Data },
        };
        string[] arguments =
        [
            Path.Combine(tools, "dotnet-getdocument.dll"), "--assembly", assembly.Location, "--file-list", Path.Combine(folder, "list.txt"), "--framework", ".NETCoreApp,Version=v10.0",
            "--output", folder, "--project", "app", "--platform", "AnyCPU",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"{await output}\n{await errors}");
        return JsonNode.Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder, "*.json"))))!;
    }
}
