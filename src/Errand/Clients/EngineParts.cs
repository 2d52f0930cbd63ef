using Errand.Lifecycle;
using Errand.Outputs;
using Errand.Signals;
using Errand.Storage;
using Errand.Submits;
using Errand.Transactions;
using Errand.Uploads;

namespace Errand.Clients;

/// <summary>What every front door works with; one object, so that opening a door for a caller costs nothing.</summary>
internal sealed record EngineParts(
    IJobStorage Storage, SubmitChecks Checks, JobSubmitter Submitter, JobWriter Writer, JobWaiters Waiters, ChangeFeed Feed, Alarms Alarms,
    JobReasons Reasons, FinishedJobs Finished, EnlistedJobs Enlisted, UploadReceiver Uploads, FileRemover Files, TimeProvider Time);
