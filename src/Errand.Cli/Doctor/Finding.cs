namespace Errand.Cli.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Verdict"><c>ok</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Detail">What was seen, and the fix.</param>
/// <param name="ExitCode">What the command ends with because of it.</param>
internal sealed record Finding(string Check, string Verdict, string Detail, int ExitCode = ExitCodes.Ok)
{
    public static Finding Good(string check, string detail) => new(check, "ok", detail);

    public static Finding Doubtful(string check, string detail) => new(check, "warning", detail);

    public static Finding Bad(string check, string detail, int exitCode) => new(check, "error", detail, exitCode);
}
