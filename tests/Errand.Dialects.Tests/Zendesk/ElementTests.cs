using System.Text;
using Errand.Dialects.Zendesk;
using Microsoft.Extensions.Options;

namespace Errand.Dialects.Tests.Zendesk;

/// <summary>What bulk requests ask for, without a server.</summary>
public sealed class ElementTests
{
    [Theory]
    [InlineData("tickets/update_many", "1,2", """{"ticket":{"status":"solved","id":9}}""", """[{"id":1,"status":"solved"},{"id":2,"status":"solved"}]""")]
    [InlineData("tickets/update_many", "1,2", """{"status":"solved","priority":"high"}""", """[{"id":1,"status":"solved","priority":"high"},{"id":2,"status":"solved","priority":"high"}]""")]
    [InlineData("tickets/update_many", "", """{"tickets":[{"id":1,"status":"open"},{"id":2}]}""", """[{"id":1,"status":"open"},{"id":2}]""")]
    [InlineData("users/update_many", "a-1", """{"user":{"name":"Ada"}}""", """[{"id":"a-1","name":"Ada"}]""")]
    [InlineData("tickets/destroy_many", "7", "", """[{"id":7}]""")]
    [InlineData("tickets/{id}/merge", "", """{"ids":[3,4],"target_comment":"joined"}""", """[{"id":3},{"id":4}]""")]
    [InlineData("custom_objects/{key}/jobs", "", """{"job":{"action":"delete","items":["01H","02H"]}}""", """[{"id":"01H"},{"id":"02H"}]""")]
    public void Each_element_becomes_one_item(string key, string ids, string body, string items) =>
        Assert.Equal(items, Encoding.UTF8.GetString(Read(key, ids, body).Items.Span));

    [Fact]
    public void The_input_is_what_belongs_to_no_element()
    {
        Assert.Equal("""{"starter":"tickets/{id}/merge","action":"merge","id":"5","target_comment":"joined"}""",
            Encoding.UTF8.GetString(Read("tickets/{id}/merge", "", """{"ids":[3],"target_comment":"joined"}""").Input.Span));
        Assert.Equal("delete", Read("custom_objects/{key}/jobs", "", """{"job":{"action":"delete","items":["01H"]}}""").Action);
        Assert.True(Read("resource_collections", "", """{"payload":{}}""").Items.IsEmpty);
    }

    [Theory]
    [InlineData("tickets/update_many", "", "", "tickets", "tickets: an array is expected in the body")]
    [InlineData("tickets/update_many", "1", "{}", "ticket", "ticket: an object is expected in the body")]
    [InlineData("tickets/update_many", "1", """{"ticket":7}""", "ticket", "ticket: an object is expected in the body")]
    [InlineData("tickets/update_many", "1", """{"tickets":[]}""", "ticket", "ticket: an object is expected in the body")]
    [InlineData("tickets/update_many", "", """{"tickets":[]}""", "elements", "The array has no elements.")]
    [InlineData("tickets/update_many", "", """{"tickets":[true]}""", "elements", "Each element is an object or an id.")]
    [InlineData("tickets/destroy_many", "", "", "ids", "ids: cannot be blank: ?ids=1,2,3")]
    [InlineData("tickets/create_many", "", "{", null, "The body is not JSON: line 1, byte 2.")]
    public void A_mistake_names_its_field_and_the_fix(string key, string ids, string body, string? field, string message)
    {
        var mistake = Assert.Throws<ZendeskMistake>(() => Read(key, ids, body));
        Assert.Equal((field, message), (mistake.Field, mistake.Message));
    }

    [Fact]
    public void A_request_has_a_hundred_elements_at_most()
    {
        string Tickets(int count) => $"{{\"tickets\":[{string.Join(',', Enumerable.Range(1, count).Select(n => $"{{\"id\":{n}}}"))}]}}";
        Read("tickets/update_many", "", Tickets(100));
        Assert.Equal("The request has 101 elements; 100 are the most.", Assert.Throws<ZendeskMistake>(() => Read("tickets/update_many", "", Tickets(101))).Message);
        Assert.Throws<ZendeskMistake>(() => Read("tickets/destroy_many", string.Join(',', Enumerable.Range(1, 101)), ""));
    }

    [Fact]
    public void An_unknown_starter_or_type_is_named_at_the_start()
    {
        var options = new ZendeskOptions();
        options.Starters["tickets/updte_many"] = "tickets.update";
        Assert.Contains("There is no Zendesk starter 'tickets/updte_many'. Did you mean", Assert.Throws<ArgumentException>(() => Dialect(options)).Message, StringComparison.Ordinal);
        options.Starters.Clear();
        options.Starters["tickets/update_many"] = "Tickets";
        Assert.Contains("which is no name of a type", Assert.Throws<ArgumentException>(() => Dialect(options)).Message, StringComparison.Ordinal);
    }

    private static ZendeskDialect Dialect(ZendeskOptions options) => new(Options.Create(options), Options.Create(new Errand.AspNetCore.ErrandApiOptions()));

    private static ZendeskWork Read(string key, string ids, string body)
    {
        var options = new ZendeskOptions();
        options.Starters[key] = "demo";
        return ZendeskElements.Read(
            ZendeskStarters.Mapped(options).First().Starter, ids.Split(',', StringSplitOptions.RemoveEmptyEntries), external: false, key.Contains('{') ? "5" : "", Encoding.UTF8.GetBytes(body));
    }
}
