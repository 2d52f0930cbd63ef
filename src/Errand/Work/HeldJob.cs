namespace Errand.Work;

/// <summary>A claimed job as a session holds it: what its settle is decided on, without reading it again.</summary>
internal readonly record struct HeldJob(JobHead Head, JobDetails Details);
