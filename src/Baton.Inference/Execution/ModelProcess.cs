using System.Threading.Channels;

namespace Baton.Inference.Execution;

/// <summary>
/// The child's side: a process that knows one model file and answers frames. It ends when told to, or when its input closes, whatever the
/// model is doing: frames are read on one thread while another one works.
/// </summary>
public static class ModelProcess
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers until told to quit.</summary>
    /// <param name="input">Requests; its end ends the process.</param>
    /// <param name="output">Answers, and nothing else.</param>
    /// <param name="time">Clock of the bench.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <returns>The exit code: 0, or 2 where what came was not the protocol.</returns>
    public static async Task<int> RunAsync(Stream input, Stream output, TimeProvider time, CancellationToken cancellation)
    {
        var requests = Channel.CreateBounded<Frame>(1);
        var worker = Task.Run(() => WorkAsync(requests.Reader, output, time, cancellation), CancellationToken.None);
        try
        {
            while (await FrameCodec.ReadAsync(input, cancellation) is { } request)
            {
                if (request.Header.Verb == "quit")
                    return 0;
                await requests.Writer.WriteAsync(request, cancellation);
                if (worker.IsCompleted)
                    break;
            }

            // Not awaited: a model that hangs must not keep the process once nobody listens.
            requests.Writer.TryComplete();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (InvalidFrameException e)
        {
            try
            {
                await FrameCodec.WriteAsync(output, Refusal(e.Message), cancellation);
            }
            catch (IOException)
            {
                // Nobody listens any more.
            }

            return 2;
        }
    }

    private static async Task WorkAsync(ChannelReader<Frame> requests, Stream output, TimeProvider time, CancellationToken cancellation)
    {
        ModelSession? session = null;
        try
        {
            // Naming the runtime loads it, so that the empty process has all but the model.
            var ready = new FrameHeader { Verb = "ready", Message = ModelSession.RuntimeName };
            await FrameCodec.WriteAsync(output, new Frame(ready with { Memory = ProcessStatus.ReadSelf() }), cancellation);
            await foreach (var request in requests.ReadAllAsync(cancellation))
            {
                Frame answer;
                try
                {
                    answer = request.Header.Verb == "bench" ? await BenchAsync(request, Loaded(session), output, time, cancellation) : Answer(request, ref session);
                }
                catch (Exception e) when (e is InvalidModelException or ModelInputException or ModelRunException or InvalidFrameException or OutOfMemoryException)
                {
                    answer = Refusal(e.Message);
                }

                await FrameCodec.WriteAsync(output, answer, cancellation);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nobody listens any more: the reading side ends the process.
        }
        finally
        {
            session?.Dispose();
        }
    }

    private static async Task<Frame> BenchAsync(Frame request, ModelSession session, Stream output, TimeProvider time, CancellationToken cancellation)
    {
        var plan = request.Header.Bench ?? throw new InvalidFrameException("bench needs a plan.");
        var done = 0;
        var load = Task.Run(() => SessionLoad.Run(session, Tensors(request), plan, time, sent => Volatile.Write(ref done, sent)), CancellationToken.None);
        while (await Task.WhenAny(load, Task.Delay(ProgressEvery, time, cancellation)) != load)
        {
            cancellation.ThrowIfCancellationRequested();
            await FrameCodec.WriteAsync(output, new Frame(new FrameHeader { Verb = "progress", Done = Volatile.Read(ref done) }), cancellation);
        }

        return (await load).ToFrame();
    }

    private static Frame Answer(Frame request, ref ModelSession? session)
    {
        switch (request.Header.Verb)
        {
            case "load":
                session?.Dispose();
                session = null;
                session = ModelSession.Load(request.Header.Path ?? throw new InvalidFrameException("load needs a path."));
                return new Frame(new FrameHeader { Verb = "ok", Memory = ProcessStatus.ReadSelf() });
            case "predict":
                var outputs = Loaded(session).Run(Tensors(request));
                return new Frame(new FrameHeader { Verb = "ok" }, [.. outputs.Select(TensorColumns.ToColumn)]);
            case "profile":
                return new Frame(new FrameHeader { Verb = "ok", Runtime = ModelSession.Profile(request.Header.Path ?? throw new InvalidFrameException("profile needs a path."), Tensors(request)) });
            case "memory":
                return new Frame(new FrameHeader { Verb = "ok", Memory = ProcessStatus.ReadSelf() });
            default:
                throw new InvalidFrameException($"There is no verb {request.Header.Verb}; there are load, predict, bench, memory, profile, quit.");
        }
    }

    private static Tensor[] Tensors(Frame request) => [.. request.Columns.Select(TensorColumns.ToTensor)];

    private static ModelSession Loaded(ModelSession? session) => session ?? throw new InvalidFrameException("No model is loaded; send load first.");

    private static Frame Refusal(string message) => new(new FrameHeader { Verb = "refused", Message = message.Length > 4000 ? message[..4000] + "…" : message });
}
