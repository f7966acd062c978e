using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Baton.Client;
using Baton.Configuration;
using Baton.Inference;
using Baton.Server;
using Baton.Serving;
using Baton.Supervision;

namespace Baton.Verbs;

/// <summary><c>baton serve</c>: answers inference, as a node of a control plane or for model files alone.</summary>
internal sealed class ServeVerb : Command
{
    private const string TokenVariable = "BATON_SERVING_TOKEN";

    private readonly Argument<string[]> _models = new("MODEL") { Description = "ONNX files to serve without a control plane, e.g. model.onnx", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _name = new("--name") { Description = "Name of the endpoint of a single MODEL [default: its file name without extension]", HelpName = "NAME" };
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<string?> _host = Settings.OptionFor(Setting.Host);
    private readonly Option<string?> _port = new("--port")
    {
        Description = $"{Setting.ServePort.Meaning} [{Setting.ServePort.Variable}; default: {Setting.ServePort.Default}]",
        HelpName = Setting.ServePort.HelpName,
    };
    private readonly Option<string?> _work = new("--work") { Description = "Directory of this node alone: packages and the prediction log on its way [default: baton-serving in the temporary directory]", HelpName = "DIR" };
    private readonly Option<double> _seal = new("--log-seal-seconds") { Description = "Age at which logged predictions are sent to the control plane", DefaultValueFactory = _ => 5, HelpName = "SECONDS" };
    private readonly Option<bool> _supervised = new("--supervised") { Hidden = true };

    public ServeVerb()
        : base("serve", "Run a serving node: it answers inference for the endpoints of a control plane (with the token in BATON_SERVING_TOKEN), or for model files alone.")
    {
        Add(_models);
        foreach (var option in new Option[] { _name, _server, _host, _port, _work, _seal, _supervised })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        if (parse.GetValue(_supervised))
            (token, stop) = await SupervisorPipe.JoinAsync(stop);
        var options = Read(parse);
        if (options.Problems() is { Count: > 0 } problems)
            throw new InvalidOptionsException(problems);
        if (options.Models.Count > 0)
            return await RunAsync(parse, options, controlPlane: null, stop);
        using var lease = DirectoryLease.Take(options.WorkDirectory, "serving node");
        using var client = new BatonClient(Settings.Load().Server(parse.GetValue(_server)), token);
        return await RunAsync(parse, options, client, stop);
    }

    private async Task<int> RunAsync(ParseResult parse, ServingOptions options, BatonClient? controlPlane, CancellationToken stop)
    {
        try
        {
            await ServingNode.RunAsync(
                options, controlPlane, HiddenVerbs.ModelProcessOptions, address => Console.Out.WriteLine($"{Supervisor.Serving}{address.GetLeftPart(UriPartial.Authority)}"), stop);
            return ExitCode.Done;
        }
        catch (IOException e) when (e.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            var flag = parse.GetValue(_supervised) ? Setting.ServePort.Flag : _port.Name;
            throw new UsageException(PortHolder.Complaint(options.Host, options.Port, flag), e);
        }
        catch (InvalidModelException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private ServingOptions Read(ParseResult parse)
    {
        var settings = Settings.Load();
        return new ServingOptions
        {
            Name = Environment.MachineName,
            WorkDirectory = Path.GetFullPath(parse.GetValue(_work) ?? Path.Combine(Path.GetTempPath(), "baton-serving")),
            Host = settings.Text(Setting.Host, parse.GetValue(_host))!,
            Port = settings.Port(Setting.ServePort, parse.GetValue(_port)),
            Models = Named(parse),
            LogSealAfter = TimeSpan.FromSeconds(Math.Clamp(parse.GetValue(_seal), 0, int.MaxValue)),
        };
    }

    private Dictionary<string, string> Named(ParseResult parse)
    {
        var (files, name) = (parse.GetValue(_models) ?? [], parse.GetValue(_name));
        if (name is not null && files.Length != 1)
            throw new UsageException($"--name names the endpoint of one MODEL; there are {files.Length.ToString(CultureInfo.InvariantCulture)}.");
        if (files.Length > 0 && parse.GetResult(_server) is not null)
            throw new UsageException("a node serves either the MODEL files named or the endpoints of a control plane: leave out one of MODEL and --server.");
        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file.StartsWith("models:", StringComparison.Ordinal))
                throw new UsageException($"{file} is a version of a control plane: put it behind an endpoint with `baton deploy {file} --endpoint NAME`, and run `baton serve --server URL`.");
            var endpoint = name ?? Path.GetFileNameWithoutExtension(file);
            if (!models.TryAdd(endpoint, file))
                throw new UsageException($"{models[endpoint]} and {file} would both be served as '{endpoint}': rename one, or serve them by two nodes with --name.");
        }
        return models;
    }
}
