using System.Text.Json;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData("P7D", 7 * 86400)]
    [InlineData("P1W", 7 * 86400)]
    [InlineData("PT1H30M", 5400)]
    [InlineData("P1DT2H3M4.5S", 93784.5)]
    [InlineData("-PT1S", -1)]
    [InlineData("PT0S", 0)]
    public void Durations_are_read(string text, double seconds)
    {
        Assert.True(WireDuration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromSeconds(seconds), value);
        Assert.True(WireDuration.TryParse(WireDuration.Format(value), out var again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("PT1M1H")]
    [InlineData("PT1H1H")]
    [InlineData("1H")]
    [InlineData("PT1")]
    [InlineData("PT.S")]
    [InlineData("PT99999999999H")]
    [InlineData("00:10:00")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(WireDuration.TryParse(text, out _));

    [Theory]
    [InlineData(1.5, "PT1.5S")]
    [InlineData(86400, "P1D")]
    [InlineData(90061, "P1DT1H1M1S")]
    public void Durations_are_written_shortly(double seconds, string text) => Assert.Equal(text, WireDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Times_are_written_in_utc_with_milliseconds_and_read_with_any_offset()
    {
        Assert.True(WireTime.TryParse("2026-11-22T09:30:00.1239+01:00", out var value));
        Assert.Equal("2026-11-22T08:30:00.123Z", WireTime.Format(value));
        Assert.False(WireTime.TryParse("2026-11-22T09:30:00", out _));
        Assert.False(WireTime.TryParse("2026-11-22 09:30:00Z", out _));
        Assert.False(WireTime.TryParse("22.11.2026", out _));
    }

    [Fact]
    public void A_client_takes_a_status_that_it_does_not_know_as_in_progress()
    {
        var job = JsonSerializer.Deserialize("""{"id":"x","type":"t","queue":"q","status":"paused","done":false,"surprise":1}""", ErrandJsonContext.Default.JobResource);

        Assert.Equal(JobStatus.Running, job!.Status);
    }

    [Theory]
    [InlineData("wait=5", 5, false, false)]
    [InlineData("Wait = \"5\" ; x=1, respond-async", 5, true, false)]
    [InlineData("return=minimal, wait=100", 30, false, true)]
    [InlineData("return=representation, handling=strict", null, false, false)]
    [InlineData("wait=soon, foo, =, ;;", null, false, false)]
    [InlineData("wait=1, wait=2", 1, false, false)]
    public void Preferences_are_read_and_unknown_ones_ignored(string header, int? wait, bool respondAsync, bool minimal)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["Prefer"] = header;
        var preferences = Preferences.Of(http.Request, TimeSpan.FromSeconds(30));

        Assert.Equal(wait, (int?)preferences.Wait?.TotalSeconds);
        Assert.Equal((respondAsync, minimal), (preferences.RespondAsync, preferences.Minimal));
    }

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/*, application/json;q=0.5", "text/csv")]
    [InlineData("*/*", "application/json")]
    [InlineData("*/*;q=0.1, application/x-ndjson;q=0.2", "application/x-ndjson")]
    [InlineData("*/*, application/json;q=0", "application/x-ndjson")]
    [InlineData("image/png", null)]
    public void The_best_media_type_is_chosen(string accept, string? chosen)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Accept = accept;

        Assert.Equal(chosen, MediaTypes.Choose(http.Request, ["application/json", "application/x-ndjson", "text/csv"]));
    }

    [Fact]
    public void A_pointer_escapes_what_it_must() => Assert.Equal("#/items/3/a~1b~0c", JsonMistake.PointerOf(["items", "3", "a/b~c"]));
}
