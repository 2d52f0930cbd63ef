using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Errand.Handlers.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly CommandRig _rig = new();

    private FakeContext Context => _rig.Context;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_program_reads_its_job_and_input_and_says_its_result()
    {
        Context.Json = """{"n":1}""";
        Context.Said = new JobDetails { Labels = new Dictionary<string, string> { ["team"] = "red" } };

        var outcome = await _rig.RunAsync("""read -r line; printf '{"errand":"result","value":%s}\n' "$line" """);

        using var said = JsonDocument.Parse(Assert.IsType<JobOutcome.Succeeded>(outcome).Result);
        var job = said.RootElement.GetProperty("job");
        Assert.Equal(Context.Head.Id.ToString(), job.GetProperty("id").GetString());
        Assert.Equal("test.job", job.GetProperty("type").GetString());
        Assert.Equal(2, job.GetProperty("attempt").GetInt32());
        Assert.Equal("red", job.GetProperty("labels").GetProperty("team").GetString());
        Assert.Equal(1, said.RootElement.GetProperty("input").GetProperty("n").GetInt32());
        Assert.False(said.RootElement.TryGetProperty("itemsFile", out _));
    }

    [Fact]
    public async Task Progress_items_and_messages_are_reported_and_every_other_line_is_a_message()
    {
        await _rig.RunAsync("""
            echo '{"errand":"progress","completed":3,"total":10,"message":"reading"}'
            echo '{"errand":"item","key":"17","status":"succeeded","result":{"a":1}}'
            echo '{"errand":"item","key":"18","status":"failed","error":{"code":"bad_row","message":"no price"}}'
            echo '{"errand":"message","severity":"error","text":"look here","source":4}'
            echo plain text
            echo '{"not":"for errand"}'
            echo mind the gap >&2
            """);

        var progress = Assert.Single(Context.Progress, progress => progress.Message is "reading");
        Assert.Equal((3, 10), ((int)progress.Completed!, (int)progress.Total!));
        Assert.Equal(["17", "18"], Context.Stored.Select(item => item.Key));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(Context.Stored[0].Result.Span));
        Assert.Equal(new JobError("bad_row", "no price"), Context.Stored[1].Error);
        Assert.Contains(Context.Messages, message => message is { Severity: JobSeverity.Error, Text: "look here", Source: 4 });
        Assert.Contains("Info: plain text", Context.Log, StringComparison.Ordinal);
        Assert.Contains("""Info: {"not":"for errand"}""", Context.Log, StringComparison.Ordinal);
        Assert.Contains("Warning: mind the gap", Context.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(75, true), InlineData(3, true), InlineData(1, false), InlineData(2, false), InlineData(127, false)]
    public async Task The_exit_code_tells_whether_trying_again_may_help(int code, bool retryable)
    {
        var options = _rig.Options($"echo the reason >&2; exit {code}") with { RetryableExitCodes = [3] };

        var error = Assert.IsType<JobOutcome.Failed>(await _rig.RunAsync(options)).Error;

        Assert.Equal(($"exit_{code}", retryable), (error.Code, error.Retryable));
        Assert.Contains("the reason", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_come_in_a_file_with_one_line_each()
    {
        Context.Items = ["{\"a\":1}", "{\n \"b\": 2\n}", "\"three\""];
        Context.Said = new JobDetails { ItemCount = 3 };

        var outcome = await _rig.RunAsync("""
            read -r line
            file=$(printf '%s' "$line" | sed 's/.*"itemsFile":"\([^"]*\)".*/\1/')
            printf '{"errand":"result","value":%s}\n' "$(wc -l < "$file")"
            cat "$file" >&2
            """, "*.ndjson", "*");

        Assert.Equal("3", Encoding.UTF8.GetString(Assert.IsType<JobOutcome.Succeeded>(outcome).Result.Span));
        Assert.Contains("""Warning: "three""", Context.Log, StringComparison.Ordinal);
        Assert.Empty(Context.Outputs);
    }

    [Fact]
    public async Task Matching_files_become_outputs_and_those_of_one_stem_its_formats()
    {
        await _rig.RunAsync("""
            printf 'a,b\n' > report.csv; printf '{}' > report.json; printf '{}\n' > report.ndjson
            mkdir -p out/deep; printf x > 'out/deep/my file.txt'; printf no > secret.key; : > empty.csv
            """, "*.csv", "*.json", "*.ndjson", "out/**/*.txt");

        Assert.Equal(["empty", "report", "out_deep_my_file"], Context.Drafts.Select(draft => draft.Id));
        var report = Context.Drafts[1];
        Assert.Equal("report.csv", report.FileName);
        Assert.Equal(["csv", "json", "ndjson"], report.Formats.Select(format => format.Format));
        Assert.Equal(["text/csv; charset=utf-8", "application/json", "application/x-ndjson"], report.Formats.Select(format => format.ContentType));
        Assert.Equal("a,b\n", Context.Outputs["report/csv"]);
        Assert.Equal("", Context.Outputs["empty/csv"]);
        Assert.DoesNotContain(Context.Outputs.Keys, key => key.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_that_leave_the_folder_are_refused_and_said_so()
    {
        await _rig.RunAsync("""
            echo inside > real.txt; ln -s real.txt link.csv
            ln -s /etc/hostname stolen.csv; ln -s /etc etc; ln -s etc/hostname twice.csv; ln -s loop.csv loop.csv; mkfifo pipe.csv
            """, "**/*.csv", "**/hostname");

        Assert.Equal("inside\n", Context.Outputs["link/csv"]);
        Assert.Equal("", Context.Outputs["pipe/csv"]);
        Assert.Equal(2, Context.Outputs.Count);
        foreach (var refused in (string[])["stolen.csv", "twice.csv", "loop.csv"]) Assert.Contains($"'{refused}'", Context.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outputs_of_a_failed_program_are_not_published()
    {
        await _rig.RunAsync("echo half > report.csv; exit 1", "*.csv");

        Assert.Empty(Context.Outputs);
    }

    [Fact]
    public async Task A_program_sees_nothing_of_the_servers_environment()
    {
        Environment.SetEnvironmentVariable("ERRAND_TEST_SECRET", "hunter2");
        var options = _rig.Options("env >&2; pwd >&2") with { Environment = new Dictionary<string, string> { ["REGION"] = "north" } };

        await _rig.RunAsync(options);

        Assert.DoesNotContain("hunter2", Context.Log, StringComparison.Ordinal);
        var names = Context.Messages.Select(message => message.Text.Split('=')[0]).ToHashSet();
        Assert.Superset(new HashSet<string> { "PATH", "HOME", "LANG", "ERRAND_JOB_ID", "ERRAND_ATTEMPT", "REGION" }, names);
        Assert.Contains($"Warning: ERRAND_JOB_ID={Context.Head.Id}", Context.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("TRACEPARENT", names);
    }

    [Fact]
    public async Task An_argument_is_an_argument_and_never_a_shells_business()
    {
        File.WriteAllText(Path.Combine(_rig.Folder, "args.sh"), """for a in "$@"; do echo "<$a>"; done""");
        var options = new CommandHandlerOptions { Command = ["sh", "args.sh", "a b", "$(id)", "; rm -rf /", "*"], Folder = _rig.Folder, WorkRoot = _rig.WorkRoot };

        await _rig.RunAsync(options);

        Assert.Equal("Info: <a b>\nInfo: <$(id)>\nInfo: <; rm -rf />\nInfo: <*>", Context.Log);
    }

    [Fact]
    public async Task The_working_folder_is_gone_afterwards()
    {
        await _rig.RunAsync("mkdir -p a/b; echo x > a/b/c; chmod 000 a/b/c");

        Assert.Empty(Directory.EnumerateFileSystemEntries(_rig.WorkRoot));
    }

    [Fact]
    public async Task A_tree_that_ignores_sigterm_is_killed_with_all_that_left_its_group()
    {
        // A child that ignores the signal, a grandchild in a session of its own, and an orphan that holds the pipe open.
        var options = _rig.Options("""
            trap '' TERM
            sh -c 'trap "" TERM; while :; do sleep 0.1; done' &
            setsid sh -c 'trap "" TERM; while :; do sleep 0.1; done' &
            (sh -c 'trap "" TERM; while :; do sleep 0.1; done' &)
            echo ready
            while :; do sleep 0.1; done
            """) with { KillGrace = TimeSpan.FromMilliseconds(200) };

        await _rig.CancelAfterAsync(options, "ready");

        Assert.Empty(StillRunning());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_rig.WorkRoot));
    }

    [Fact]
    public async Task A_program_that_heeds_sigterm_may_say_its_last_words()
    {
        var options = _rig.Options("""
            trap 'echo goodbye; exit 0' TERM
            echo ready
            while :; do sleep 0.05; done
            """);
        using var cancel = new CancellationTokenSource();
        var running = _rig.RunAsync(options, cancel.Token);
        while (!Context.Messages.Any(message => message.Text is "ready")) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        await cancel.CancelAsync();

        Assert.IsType<JobOutcome.Succeeded>(await running);
        Assert.Contains("goodbye", Context.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_program_leaves_running_ends_with_it()
    {
        await _rig.RunAsync("setsid sleep 300 & sleep 300 & echo done");

        Assert.Empty(StillRunning());
    }

    [Fact]
    public async Task What_a_crashed_process_left_behind_is_reaped_at_the_next_start()
    {
        var mark = $"{Context.Head.Id}-1-{Guid.NewGuid():N}";
        var folder = Directory.CreateDirectory(Path.Combine(_rig.WorkRoot, mark, "work")).Parent!.FullName;
        File.WriteAllText(Path.Combine(folder, "owner"), "999999999 1 another-boot");
        var start = new ProcessStartInfo("setsid", ["sleep", "300"]);
        start.Environment[MarkedProcesses.Variable] = mark;
        using var left = Process.Start(start)!;
        var alive = Directory.CreateDirectory(Path.Combine(_rig.WorkRoot, "alive")).FullName;
        File.WriteAllText(Path.Combine(alive, "owner"), ProcessAge.Of(Environment.ProcessId));

        Assert.Equal(1, WorkFolder.Reap(_rig.WorkRoot, NullLogger.Instance));

        await left.WaitForExitAsync();
        Assert.Equal([alive], Directory.EnumerateDirectories(_rig.WorkRoot));
    }

    [Fact]
    public async Task Without_setpriv_and_setsid_a_program_still_runs_and_still_is_killed()
    {
        var options = _rig.Options("sleep 300 & echo ready; sleep 300") with { KillGrace = TimeSpan.FromMilliseconds(100) };
        using var spawner = new Spawner();
        using var cancel = new CancellationTokenSource();
        var handler = new CommandJobHandler(options, spawner, new ProcessTies(null, null, NullLogger.Instance), TimeProvider.System, NullLogger<CommandJobHandler>.Instance);
        var running = handler.HandleAsync(Context, cancel.Token).AsTask();
        while (!Context.Messages.Any(message => message.Text is "ready")) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Empty(StillRunning());
    }

    [Fact]
    public async Task A_program_that_nobody_hears_any_more_is_ended()
    {
        Context.OnLog = _ => throw new InvalidOperationException("the claim is over");
        var options = _rig.Options("trap '' TERM; while :; do echo line; done") with { KillGrace = TimeSpan.FromMilliseconds(50) };

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _rig.RunAsync(options));

        Assert.Equal("the claim is over", exception.Message);
        Assert.Empty(StillRunning());
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_is_fine()
    {
        Context.Json = $"\"{new string('x', 1_000_000)}\"";

        Assert.IsType<JobOutcome.Succeeded>(await _rig.RunAsync("exec 0<&-; echo ok"));
    }

    [Fact]
    public async Task A_hundred_thousand_lines_arrive_in_order()
    {
        await _rig.RunAsync("i=0; while [ $i -lt 100000 ]; do echo $i; i=$((i+1)); done");

        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => i.ToString()), Context.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_result_of_10_MiB_is_one_line_and_an_endless_line_is_cut()
    {
        var outcome = await _rig.RunAsync("""
            printf '{"errand":"result","value":"'; head -c 10485760 /dev/zero | tr '\0' x; printf '"}\n'
            head -c 5000000 /dev/zero | tr '\0' y; echo; echo after
            """);

        Assert.Equal(10_485_762, Assert.IsType<JobOutcome.Succeeded>(outcome).Result.Length);
        Assert.Equal([(16 * 1024) + 1, 5], Context.Messages.Select(message => message.Text.Length));
    }

    [Fact]
    public void What_is_wrong_with_the_options_is_told_at_once()
    {
        var options = new CommandHandlerOptions
        {
            Command = ["no-such-program-anywhere"],
            WorkRoot = "relative",
            Outputs = ["../*.csv", "/etc/*"],
            Environment = new Dictionary<string, string> { ["HOME"] = "/root", ["A=B"] = "" },
            RetryableExitCodes = [0],
        };

        Assert.Equal(
            ["#/command/0", "#/outputs/0", "#/outputs/1", "#/environment/HOME", "#/environment", "#/retryableExitCodes/0", "#/workRoot"],
            options.Validate().Select(error => error.Pointer));
    }

    private List<string> StillRunning() =>
        [.. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Where(CarriesOurJob)];

    private bool CarriesOurJob(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ")).Contains($"ERRAND_JOB_ID={Context.Head.Id}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
