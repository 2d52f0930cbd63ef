using System.Text;
using Errand.Storage;

namespace Errand.Simulation.Tests.Promises;

/// <summary>What was promised about files: an upload that was acknowledged is there with its items, an output that was published is there whole, and nothing else is.</summary>
internal sealed class FileLedger(IJobStorage view)
{
    private readonly List<GivenOutput> _outputs = [];
    private readonly List<(Upload Upload, string Items)> _uploads = [];

    /// <summary>An output that nobody else ever publishes.</summary>
    public GivenOutput NewOutput(JobTicket ticket)
    {
        var output = new GivenOutput(ticket, $"out-{_outputs.Count}");
        _outputs.Add(output);
        return output;
    }

    public void Uploaded(Upload upload, string items) => _uploads.Add((upload, items));

    /// <summary>Checks every file that a stored job names, and every upload that no job has used up.</summary>
    public void Close(IReadOnlyList<Job> jobs, DateTimeOffset now)
    {
        foreach (var job in jobs) CheckOutputs(job);
        foreach (var (upload, items) in _uploads) CheckUpload(upload, items, now);
        foreach (var job in jobs) CheckInput(job);
    }

    private void CheckOutputs(Job job)
    {
        var stored = Now(view.Contents.ListOutputsAsync(job.Head.Sequence, default));
        var given = _outputs.Where(output => output.Ticket.Key == job.Head.Key).ToDictionary(output => output.Id);
        if (given.Values.FirstOrDefault(output => output.IsCertain && stored.All(one => one.Id != output.Id)) is { } lost) Break($"job {job.Head.Sequence} lost its output {lost.Id}");
        foreach (var output in stored)
        {
            if (!given.TryGetValue(output.Id, out var mine)) Break($"job {job.Head.Sequence} has an output that nobody published: {output.Id}");
            else if (!Read(output.Formats[0].Location).AsSpan().SequenceEqual(mine.Content.Span)) Break($"the output {output.Id} of job {job.Head.Sequence} is not what was written");
        }
    }

    private void CheckUpload(Upload upload, string items, DateTimeOffset now)
    {
        // A job that used it takes it along when it goes.
        if (upload.ExpiresAt <= now || Now(view.Uploads.FindAsync(upload.Tenant, upload.Id, default)) is not { } stored) return;
        if (Encoding.UTF8.GetString(Read(stored.Location)) != items) Break($"the upload {upload.Id} is not what was sent");
    }

    private void CheckInput(Job job)
    {
        var input = Now(view.Jobs.FindAsync(job.Head.Key, JobParts.Input, default)).Job?.Input;
        if (input?.UploadId is not { } id) return;
        if (Now(view.Uploads.FindAsync(job.Head.Tenant, id, default)) is not { } upload) Break($"job {job.Head.Sequence} lost the upload {id} that it was submitted with");
        else Read(upload.Location);
    }

    private byte[] Read(string location)
    {
        using var file = Now(view.Files.OpenAsync(location, default)) ?? throw new BrokenPromiseException($"the file {location} is named by a row and is gone.");
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }

    private static T Now<T>(ValueTask<T> read) => read.AsTask().GetAwaiter().GetResult();

    private static void Break(string what) => throw new BrokenPromiseException($"{what}.");
}

/// <summary>An output that was published, or was about to be.</summary>
internal sealed class GivenOutput(JobTicket ticket, string id)
{
    public JobTicket Ticket => ticket;

    public string Id => id;

    public ReadOnlyMemory<byte> Content { get; } = Encoding.UTF8.GetBytes($"{id} of token {ticket.Token}");

    /// <summary>Its publisher was told that it is there.</summary>
    public bool IsCertain { get; private set; }

    public void Came() => IsCertain = true;
}
