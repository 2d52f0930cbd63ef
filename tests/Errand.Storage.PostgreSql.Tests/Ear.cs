using System.Collections.Concurrent;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Keeps what it hears.</summary>
internal sealed class Ear : IJobHints
{
    private readonly ConcurrentDictionary<JobKey, JobChanged> _jobs = new();
    private readonly ConcurrentQueue<(string, string, string)> _work = new();

    public IEnumerable<JobChanged> Jobs => _jobs.Values;

    public IEnumerable<(string Tenant, string Queue, string Type)> Work => _work;

    public void Changed(JobKey job, long version, bool finished) => _jobs.AddOrUpdate(
        job, new JobChanged(job, version, 0, finished), (_, known) => known with { Version = version, Finished = finished });

    public void Progressed(JobKey job, long sequence) => _jobs.AddOrUpdate(
        job, new JobChanged(job, 0, sequence, false), (_, known) => known with { Progress = sequence });

    public void WorkCame(string tenant, string queue, string type) => _work.Enqueue((tenant, queue, type));
}
