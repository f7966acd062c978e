using System.Text;
using Baton;

if (HiddenVerbs.TryRun(args) is { } role)
    return await role;
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandLine.RunAsync(args);
