using System.Text;
using System.Text.Json;
using Errand.Contracts;

namespace Errand.AspNetCore.Tests;

public sealed class JobJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, 123, TimeSpan.FromHours(1));

    [Fact]
    public void A_job_with_every_member_is_written_as_the_serializer_would()
    {
        var error = new JobErrorResource { Code = "c", Message = "m \"quoted\" é" };
        var job = new JobResource
        {
            Id = "1",
            Type = "t",
            Queue = "q",
            Status = JobStatus.Canceling,
            Done = true,
            Progress = new ProgressResource { Percent = 12.5 },
            Result = new RawJson("{\"a\": [1]}"u8.ToArray()),
            ResultInfo = new ResultInfoResource("x/y", 1, "d", "u", Noon),
            Error = error,
            LastError = error,
            Input = new RawJson("null"u8.ToArray()),
            ItemsFrom = "f",
            Priority = 3,
            Labels = new Dictionary<string, string> { ["ü"] = "<v>" },
            Attempt = 2,
            MaxAttempts = 4,
            Attempts = [new AttemptResource { Number = 1, Outcome = JobAttemptOutcome.Lost, StartedAt = Noon }],
            ItemCount = 9,
            CreatedAt = Noon,
            NextRunAt = Noon,
            StartedAt = Noon,
            FinishedAt = Noon,
            UpdatedAt = Noon,
            Deadline = Noon,
            ExpiresAt = Noon,
            Timeout = TimeSpan.FromMinutes(90),
            Retention = TimeSpan.FromDays(7),
            CreatedBy = "me",
            CancelReason = "r",
            UniqueKey = "k",
            ParentId = "p",
            RetryOf = "o",
            ScheduleId = "s",
            CorrelationId = "c",
            RequestId = Guid.NewGuid(),
            TraceId = "tr",
            Version = 8,
            Links = new JobLinks("a", "b", "c", "d"),
        };

        Assert.All(typeof(JobResource).GetProperties(), p => Assert.False(p.GetValue(job) is null or 0 or 0L or false, $"{p.Name} is not set: the test must know it."));
        Assert.Equal(Serialized(job), Written(job));
    }

    [Fact]
    public void A_job_with_hardly_any_member_is_written_as_the_serializer_would()
    {
        var job = new JobResource { Type = "t", Queue = "q", Status = JobStatus.Queued, Done = false };

        Assert.Equal(Serialized(job), Written(job));
    }

    private static string Written(JobResource job) => Write(json => JobJson.Write(json, job));

    private static string Serialized(JobResource job) => Write(json => JsonSerializer.Serialize(json, job, ErrandJsonContext.Default.JobResource));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new BodyBuffer();
        using (var json = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions)) write(json);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }
}
