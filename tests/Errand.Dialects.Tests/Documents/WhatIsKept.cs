namespace Errand.Dialects.Tests;

/// <summary>Tests that read the transcripts: after all others, which with <c>ERRAND_ACCEPT=1</c> write them.</summary>
[CollectionDefinition(nameof(WhatIsKept), DisableParallelization = true)]
public sealed class WhatIsKept;
