using Errand.Dialects.Alteryx;
using Errand.Dialects.Workiva;
using Errand.Dialects.Zendesk;

namespace Errand.Testing;

/// <summary>How a stand-in is made.</summary>
public sealed record FakeVendorOptions
{
    /// <summary>The port on the loopback address. Default: 0, a free one.</summary>
    public int Port { get; init; }

    /// <summary>The clock. Give a <c>FakeTimeProvider</c> for scripts with times and no waiting. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Changes how the Zendesk wire behaves: its envelope, its retention, the form of 2012.</summary>
    public Action<ZendeskOptions>? Zendesk { get; init; }

    /// <summary>Changes how the Workiva wires behave: 303 for outputs, deprecation headers, a rate limit.</summary>
    public Action<WorkivaOptions>? Workiva { get; init; }

    /// <summary>True: <c>GET …/jobs/{id}/messages</c> of the Alteryx wire answers a list. Default: false, one object, as the vendor documents it.</summary>
    public bool AlteryxMessagesAsArray { get; init; }

    /// <summary>The workflows of the Alteryx wire: each an id of 24 hex digits with its name and questions. Default: one, see <see cref="VendorCredentials.WorkflowId"/>.</summary>
    public IReadOnlyList<AlteryxWorkflow> Workflows { get; init; } = [];

    /// <summary>
    /// Jobs that are there from the start, as JSON: <c>{"zendesk": […], "workiva": […], "alteryx": […]}</c>, each one a job's document as the vendor answers it. Default: null, none.
    /// </summary>
    public string? Seed { get; init; }

    /// <summary>How often jobs move whose time has come although nobody looks at them. Default: null, they move when they are looked at.</summary>
    public TimeSpan? MoveEvery { get; init; }
}
