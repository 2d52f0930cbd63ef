namespace Errand.Storage.PostgreSql;

/// <summary>Where a job is: each place is a table, and a job has a row in exactly one of them.</summary>
internal enum Place
{
    Waiting,
    Claimed,
    Finished,
}

internal static class Places
{
    public static Place Of(JobState state) => state is JobState.Queued ? Place.Waiting : state.IsClaimed() ? Place.Claimed : Place.Finished;
}
