using CsCheck;

namespace Errand.Tests;

/// <summary>What is written is read back as the same, for whatever there is to write.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void An_id_is_read_in_every_spelling_of_a_guid_and_told_in_one() => Gen.Guid.Sample(guid =>
    {
        var text = new JobId(guid).ToString();
        foreach (var spelling in (string[])[text, text.ToUpperInvariant(), guid.ToString("D"), guid.ToString("D").ToUpperInvariant()])
        {
            Assert.True(JobId.TryParse(spelling, out var id), spelling);
            Assert.Equal(text, id.ToString());
        }

        Assert.Matches("^[0-9a-f]{32}$", text);
    });

    [Fact]
    public void A_new_id_keeps_its_shard_through_its_text() => Gen.Int[0, JobId.Shards - 1].Sample(shard =>
        Assert.Equal(shard, JobId.Parse(JobId.New(DateTimeOffset.UnixEpoch.AddYears(56), shard).ToString()).Shard));

    [Fact]
    public void No_text_makes_the_reader_of_ids_throw_and_what_it_takes_it_tells_again() => Gen.String.Sample(text =>
    {
        if (!JobId.TryParse(text, out var id)) return;
        Assert.Equal(id, JobId.Parse(id.ToString()));
    });

    [Fact]
    public void A_revision_is_read_back() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Bool).Sample((version, progress, scheduled) =>
    {
        var revision = new JobRevision(version, progress, scheduled);
        Assert.True(JobRevision.TryParse(revision.ToString(), out var read));
        Assert.Equal(revision, read);
    });

    [Fact]
    public void No_text_makes_the_reader_of_revisions_throw() => Gen.String.Sample(text =>
    {
        if (JobRevision.TryParse(text, out var revision)) Assert.True(JobRevision.TryParse(revision.ToString(), out _));
    });

    [Fact]
    public void A_filter_is_read_back() => Filters.Sample(filter =>
    {
        var text = JobFilterParser.Format(filter);
        Assert.True(JobFilterParser.TryParse(text, DateTimeOffset.UnixEpoch, out var read, out var error), $"{text}: {error}");
        Assert.Equal(text, JobFilterParser.Format(read));
        Assert.Equal(filter.Statuses.Order(), read.Statuses.Order());
        Assert.Equal(filter.Types.Order(StringComparer.Ordinal), read.Types);
        Assert.Equal(filter.Queues.Order(StringComparer.Ordinal), read.Queues);
        Assert.Equal(filter.Labels.OrderBy(l => l.Key, StringComparer.Ordinal), read.Labels.OrderBy(l => l.Key, StringComparer.Ordinal));
        Assert.Equal(
            (filter.CreatedAfter, filter.CreatedBefore, filter.FinishedAfter, filter.ScheduleId, filter.CorrelationId),
            (read.CreatedAfter, read.CreatedBefore, read.FinishedAfter, read.ScheduleId, read.CorrelationId));
    });

    [Fact]
    public void No_text_makes_the_reader_of_filters_throw_and_what_it_takes_it_tells_again() =>
        Gen.OneOf(Gen.String, Gen.OneOf([.. new[] { "status", "-status", "label.a", "created", "type", "x" }.Select(f => Gen.Const(f))]).SelectMany(f => Gen.String.Select(v => $"{f}:{v}")))
            .Sample(text =>
            {
                if (!JobFilterParser.TryParse(text, DateTimeOffset.UnixEpoch, out var filter, out _)) return;
                var told = JobFilterParser.Format(filter);
                Assert.True(JobFilterParser.TryParse(told, DateTimeOffset.UnixEpoch, out var again, out var error), $"{told}: {error}");
                Assert.Equal(told, JobFilterParser.Format(again));
            });

    private static readonly Gen<string> Names = Gen.String["abz09._-"].Where(JobNames.IsTypeOrQueue);
    private static readonly Gen<string> Values = Gen.OneOf(Gen.String, Gen.String["a ,\"\\\n\t\u00a0:*"]).Where(text => text.Length < 200);
    private static readonly Gen<DateTimeOffset?> Times =
        Gen.OneOf(Gen.Bool.Select(_ => (DateTimeOffset?)null), Gen.Long[0, 4_000_000_000_000_0000].Select(ticks => (DateTimeOffset?)DateTimeOffset.UnixEpoch.AddTicks(ticks)));

    private static readonly Gen<JobFilter> Filters = Gen.Select(
        Gen.Enum<JobStatus>().List[0, 6], Names.List[0, 3], Names.List[0, 3], Gen.Select(Names, Values).List[0, 3],
        Gen.Select(Times, Times, Times), Gen.Select(Values, Values, Gen.Int[0, 3]),
        (statuses, types, queues, labels, times, texts) => new JobFilter
        {
            Statuses = [.. statuses.Distinct()],
            Types = [.. types.Distinct()],
            Queues = [.. queues.Distinct()],
            Labels = labels.DistinctBy(l => l.Item1).ToDictionary(l => l.Item1, l => l.Item2),
            CreatedAfter = times.Item1,
            CreatedBefore = times.Item2,
            FinishedAfter = times.Item3,
            ScheduleId = texts.Item3 % 2 == 0 ? texts.Item1 : null,
            CorrelationId = texts.Item3 > 1 ? texts.Item2 : null,
        });
}
