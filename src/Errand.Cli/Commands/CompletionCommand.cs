using System.CommandLine;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary>
/// <c>errand completion SHELL</c>: a few lines for the shell's start-up file. The suggestions come from the executable itself.
/// </summary>
internal static class CompletionCommand
{
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return new Verb(
            "completion", "Print the lines that make a shell complete errand's commands.",
            "errand completion bash >> ~/.bashrc", "errand completion fish > ~/.config/fish/completions/errand.fish") { shell }
            .Does((parse, _) =>
            {
                terminal.Out.Write(Scripts[parse.GetRequiredValue(shell)]);
                return Task.FromResult(ExitCodes.Ok);
            });
    }

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] =
            """
            _errand_complete() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(errand "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _errand_complete errand

            """,
        ["zsh"] =
            """
            _errand() {
                local -a suggestions
                suggestions=("${(@f)$(errand "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -- $suggestions
            }
            compdef _errand errand

            """,
        ["fish"] =
            """
            complete -c errand -f -a '(errand "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'

            """,
        ["pwsh"] =
            """
            Register-ArgumentCompleter -Native -CommandName errand -ScriptBlock {
                param($word, $ast, $cursor)
                errand "[suggest:$cursor]" $ast.ToString() 2>$null | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }

            """,
    };
}
