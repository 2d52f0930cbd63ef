using Errand.Cli.Terminals;

[assembly: AssemblyFixture(typeof(Errand.Cli.Tests.TestServer))]

namespace Errand.Cli.Tests;

/// <summary>One server for every test that only needs some server, with types that end in every way.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private const string Config =
        """
        {
          "types": {
            "t.ok": { "handler": "command", "command": ["sh", "-c", "echo '{\"errand\":\"result\",\"value\":{\"rows\":3}}'"] },
            "t.fail": { "handler": "command", "command": ["sh", "-c", "echo broken >&2; exit 3"] },
            "t.slow": { "handler": "command", "command": ["sleep", "60"] },
            "t.partial": { "handler": "command", "command": ["sh", "partial.sh"] },
            "t.items": { "handler": "command", "command": ["sh", "items.sh"] },
            "t.output": { "handler": "command", "command": ["sh", "-c", "echo 'n' > out.csv; echo '[1]' > out.json"],
              "outputs": ["out.*"] },
            "t.idle": { "handler": "none", "description": "Nobody runs it here." }
          },
          "worker": { "slots": 8, "drainTimeout": "1s" }
        }
        """;

    private const string Partial =
        """
        echo '{"errand":"item","key":"a","status":"succeeded","result":{"n":1}}'
        echo '{"errand":"item","key":"b","status":"failed","error":{"code":"unlucky","message":"b is not for us"}}'
        echo '{"errand":"item","key":"c","status":"succeeded"}'
        echo '{"errand":"progress","completed":3,"total":3}'
        echo '{"errand":"message","severity":"warning","text":"b failed"}'
        """;

    // One succeeded item for each line of the items file, keyed by its number.
    private const string Items =
        """
        file=$(sed -n 's/.*"itemsFile":"\([^"]*\)".*/\1/p')
        awk '{ printf "{\"errand\":\"item\",\"key\":\"%d\",\"status\":\"succeeded\",\"result\":%s}\n", NR, $0 }' "$file"
        """;

    private readonly Scratch _scratch = new();
    private Served? _served;
    private string _token = "";

    public string Data => _scratch.Folder("data");

    public string Url => _served!.Url.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        _scratch.File("partial.sh", Partial);
        _scratch.File("items.sh", Items);
        _served = await Served.StartAsync("serve", "--quiet", "--data", Data, "--config", _scratch.File("errand.json", Config));
        _token = await TokenAsync("tester", "--scopes", "jobs.submit jobs.read jobs.read.input jobs.cancel queues.manage schedules.manage");
    }

    /// <summary>Makes a token beside the running server.</summary>
    public async Task<string> TokenAsync(string subject, params string[] more)
    {
        var made = await Ran.Async(["token", "create", "--subject", subject, "--data", Data, "-o", "id", .. more]);
        return made.Code == 0 ? made.Out.Trim() : throw new InvalidOperationException(made.ToString());
    }

    /// <summary>Runs a command against the server.</summary>
    public Task<Ran> RunAsync(params string[] args) => Ran.Async(args, Aimed());

    /// <summary>Runs a command against the server with something on its standard input.</summary>
    public Task<Ran> RunWithInputAsync(string input, params string[] args) => Ran.Async(args, Aimed(), input);

    /// <summary>Runs a command against the server for somebody who looks at a screen.</summary>
    internal Task<Ran> RunOnScreenAsync(params string[] args) =>
        Ran.Async(args, terminal => Aimed()(terminal) with { OutIsScreen = true, ErrorIsScreen = true });

    /// <summary>Submits and returns the id.</summary>
    public async Task<string> SubmitAsync(string type, params string[] more)
    {
        var ran = await RunAsync(["submit", type, "-o", "id", .. more]);
        return ran.Code == 0 ? ran.Out.Trim() : throw new InvalidOperationException(ran.ToString());
    }

    /// <summary>Submits, waits and returns the id.</summary>
    public async Task<string> FinishAsync(string type, params string[] more)
    {
        var id = await SubmitAsync(type, more);
        await RunAsync("wait", id, "--timeout", "30s");
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_served is not null) await _served.DisposeAsync();
        _scratch.Dispose();
    }

    private Func<Terminal, Terminal> Aimed() => terminal => terminal with
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ERRAND_URL"] = Url, ["ERRAND_TOKEN"] = _token },
    };
}
