using Errand.Testing;

await using var zendesk = await FakeVendor.StartZendeskAsync();
zendesk.Script("429 once, after 2 polls complete, items 90 fail TicketUpdateFailed 'Ticket is closed'");

using var http = new HttpClient { BaseAddress = zendesk.BaseAddress, DefaultRequestHeaders = { Authorization = zendesk.Credentials.BasicToken } };
var failed = await new TicketUpdates(http).CloseAsync([380, 90]);

Console.WriteLine($"not closed: {string.Join(", ", failed)}");
foreach (var request in zendesk.Requests) Console.WriteLine($"{request.Method} {request.Status}");
