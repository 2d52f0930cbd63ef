using Errand.Storage;
using Errand.Submits;

namespace Errand.Clients;

/// <summary>A batch on its way: which submissions are good, and the reply to each, in the order in which they came.</summary>
internal sealed class SubmitBatch(int count)
{
    private readonly SubmitReply?[] _replies = new SubmitReply?[count];
    private readonly List<int> _places = [];

    /// <summary>The good ones.</summary>
    public List<SubmitDraft> Drafts { get; } = [];

    public static async ValueTask<SubmitBatch> CheckAsync(
        SubmitChecks checks, JobCaller caller, IReadOnlyList<JobSubmission> submissions, IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        var batch = new SubmitBatch(submissions.Count);
        Dictionary<JobId, int> ids = [];
        for (var i = 0; i < submissions.Count; i++)
        {
            if (submissions[i].Id is { } id && !ids.TryAdd(id, i))
            {
                var twice = new JobFieldError($"{Pointer(i)}/id", $"The id is that of item {ids[id]} already; give each job its own.");
                batch.Set(i, new SubmitReply(null, SubmitChecks.Invalid([twice])));
                continue;
            }

            var (draft, problem) = await checks.CheckAsync(caller, submissions[i], key, Pointer(i), cancellationToken);
            if (draft is null) batch.Set(i, new SubmitReply(null, problem));
            else batch.Add(draft, i);
        }

        return batch;
    }

    public static string Pointer(int place) => $"#/items/{place}";

    /// <summary>Where the n-th good submission stands in the request.</summary>
    public int Place(int draft) => draft < _places.Count ? _places[draft] : draft;

    public void Set(int place, SubmitReply reply)
    {
        if (place < _replies.Length) _replies[place] = reply;
    }

    public IReadOnlyList<SubmitReply> Replies() => [.. _replies.OfType<SubmitReply>()];

    /// <summary>All or none: what is wrong with any of them is wrong with the batch.</summary>
    public void ThrowIfRefused()
    {
        var problems = _replies.Select(reply => reply?.Problem).OfType<JobProblem>().ToList();
        if (problems.Count == 0) return;
        var errors = problems.SelectMany(problem => problem.Errors).ToList();
        throw new JobProblemException(errors.Count == 0 ? problems[0] : SubmitChecks.Invalid(errors));
    }

    /// <summary>
    /// A batch that was rolled back because all of its jobs are there already, with the same content, was simply sent twice.
    /// </summary>
    public void ThrowUnlessReplayed(IReadOnlyList<SubmitOutcome> outcomes)
    {
        if (_replies.All(reply => reply?.Receipt?.Kind == SubmitReceiptKind.Replayed)) return;
        var culprits = outcomes
            .Select((outcome, i) => (outcome, reply: _replies[Place(i)]))
            .Where(pair => pair.outcome.Kind != SubmitKind.NotTried)
            .Select(pair => pair.reply?.Problem ?? new JobProblem(JobProblems.JobExists,
                "A job of the batch is there already; an atomic batch is all or none."))
            .ToList();
        var first = culprits.FirstOrDefault() ?? new JobProblem(JobProblems.InvalidRequest, "The batch was rolled back.");
        throw new JobProblemException(first with { Errors = culprits.SelectMany(problem => problem.Errors).ToList() });
    }

    private void Add(SubmitDraft draft, int place)
    {
        Drafts.Add(draft);
        _places.Add(place);
    }
}
