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
}
