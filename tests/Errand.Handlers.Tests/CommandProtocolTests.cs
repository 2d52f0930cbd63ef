using System.Text;

namespace Errand.Handlers.Tests;

public sealed class CommandProtocolTests
{
    [Theory]
    [InlineData("""{"errand":"progress","completed":"three"}""", "'completed' is not a whole number")]
    [InlineData("""{"errand":"progress","completed":-1}""", "'completed' is not a whole number")]
    [InlineData("""{"errand":"progress","percent":"half"}""", "'percent' is not a number")]
    [InlineData("""{"errand":"item","status":"succeeded"}""", "'key' is missing")]
    [InlineData("""{"errand":"item","key":"1","status":"maybe"}""", "succeeded or failed")]
    [InlineData("""{"errand":"item","key":"1","index":99999999999}""", "'index'")]
    [InlineData("""{"errand":"item","key":"1","error":7}""", "'error'")]
    [InlineData("""{"errand":"message"}""", "'text' is missing")]
    [InlineData("""{"errand":"message","text":"a","severity":"loud"}""", "'severity' is 'loud'")]
    [InlineData("""{"errand":"result"}""", "'value' is missing")]
    [InlineData("""{"errand":"dance"}""", "'errand' is 'dance'")]
    [InlineData("""{"errand":42}""", "'errand' is not a text")]
    [InlineData("""{"errand":"result","value":""", "not valid JSON")]
    [InlineData("""{"errand":"message","text":"\ud800"}""", "")]
    public void What_speaks_to_errand_and_is_not_understood_is_a_warning(string line, string problem)
    {
        var said = Assert.IsType<CommandSaid.Message>(Read(line));

        Assert.Equal(JobSeverity.Warning, said.Severity);
        Assert.Contains(problem, said.Text, StringComparison.Ordinal);
        Assert.Contains(line, said.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello"), InlineData("{"), InlineData("{}"), InlineData("[1]"), InlineData("{\"a\":1}"), InlineData(" {\"errand\":\"result\",\"value\":1}")]
    public void Every_other_line_is_an_info_message_as_it_stands(string line) =>
        Assert.Equal(new CommandSaid.Message(JobSeverity.Info, line), Read(line));

    [Theory]
    [InlineData("""{"errand":"result","value":"xxx""", true)]
    [InlineData("""{"errand":"message","text":"xxx""", false)]
    [InlineData("""{"value":"xxx""", false)]
    public void A_result_that_is_cut_is_too_large_and_anything_else_that_is_cut_a_warning(string line, bool isResult) =>
        Assert.Equal(isResult, CommandProtocol.Read(Encoding.UTF8.GetBytes(line), cut: true) is CommandSaid.TooLarge);

    [Fact]
    public void An_item_may_have_a_number_as_its_key_and_a_place()
    {
        var item = Assert.IsType<CommandSaid.Item>(Read("""{"errand":"item","index":4,"key":17}""")).Value;

        Assert.Equal((4, "17", JobItemStatus.Succeeded), (item.Index, item.Key, item.Status));
    }

    [Fact]
    public void What_is_not_utf8_is_shown_and_not_thrown()
    {
        var said = CommandProtocol.Read(new byte[] { (byte)'a', 0xFF, (byte)'b' }, cut: false);

        Assert.Equal("a\uFFFDb", Assert.IsType<CommandSaid.Message>(said).Text);
    }

    private static CommandSaid Read(string line) => CommandProtocol.Read(Encoding.UTF8.GetBytes(line), cut: false);
}
