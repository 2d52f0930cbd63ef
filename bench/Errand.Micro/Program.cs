using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Errand.Micro;

// Short, and in this process: the allocations are exact after a few rounds, the times are a hint.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(2).WithIterationCount(5).WithInvocationCount(JobVerbs.Jobs).WithUnrollFactor(1);
var config = ManualConfig.CreateEmpty()
    .AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddColumnProvider(DefaultColumnProviders.Instance).AddLogger(ConsoleLogger.Default)
    .AddExporter(MarkdownExporter.GitHub).WithArtifactsPath(args is [var folder] ? folder : Path.Combine("artifacts", "bench", "micro"));
return BenchmarkRunner.Run<JobVerbs>(config).Reports.All(report => report.Success) ? 0 : 1;
