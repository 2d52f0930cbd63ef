using Errand.Contracts;

namespace Errand.Client;

/// <summary>The files that a job published.</summary>
public class JobOutputs
{
    private readonly JobHandle _job;

    internal JobOutputs(JobHandle job) => _job = job;

    /// <summary>Outputs that read nothing: for a test that overrides what it needs.</summary>
    protected JobOutputs() => _job = null!;

    /// <summary>Lists them.</summary>
    /// <param name="cancellationToken">Ends the list.</param>
    public virtual IAsyncEnumerable<OutputResource> ListAsync(CancellationToken cancellationToken = default) =>
        _job.Wire.Contents.OutputsAsync(_job.Id, cancellationToken);

    /// <summary>Opens one by its id or its file name. Dispose the stream.</summary>
    /// <param name="name">The id of the output, or its file name: <c>report.csv</c>.</param>
    /// <param name="format">One of its formats. Default: the first.</param>
    /// <param name="cancellationToken">Ends the call, and the download.</param>
    /// <exception cref="FileNotFoundException">The job published no such file; the message lists what it did.</exception>
    public virtual async Task<Stream> OpenAsync(string name, string? format = null, CancellationToken cancellationToken = default)
    {
        List<string> known = [];
        await foreach (var output in ListAsync(cancellationToken))
        {
            if (output.Id == name || output.FileName == name)
            {
                return (await _job.Wire.Contents.OpenOutputAsync(_job.Id, output.Id, format, cancellationToken)).Content;
            }

            known.Add(output.FileName);
        }

        var others = known.Count == 0 ? "It published none." : $"It published: {string.Join(", ", known)}.";
        throw new FileNotFoundException($"The job {_job.Id} has no output '{name}'. {others}", name);
    }
}
