using System.Globalization;
using System.Text;
using System.Text.Json;
using Baton.Inference;
using Baton.Storage.Tables;

namespace Baton.Bench;

/// <summary>Rows of the flights sample, as tensors for a session here and as HTTP requests for a serving node.</summary>
internal sealed class Flights
{
    private const int Rows = 256;

    private Flights(IReadOnlyList<IReadOnlyList<Tensor>> tensors) => Tensors = tensors;

    /// <summary>The inputs of each row, one row a call.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> Tensors { get; }

    public static async Task<Flights> ReadAsync(string path, IReadOnlyList<TensorSpec> inputs, CancellationToken cancellation)
    {
        var table = await ParquetFile.ReadAsync(path, [.. inputs.Select(i => i.Name)], cancellation);
        return new Flights([.. Enumerable.Range(0, Math.Min(Rows, table.Rows)).Select(row => Row(table, inputs, row))]);
    }

    /// <summary>The whole of each request, head and body, as it goes over the wire.</summary>
    public IReadOnlyList<byte[]> Requests(Uri infer) => [.. Tensors.Select(row => Request(infer, row))];

    private static Tensor[] Row(Table table, IReadOnlyList<TensorSpec> inputs, int row) =>
    [
        .. inputs.Select(input => new Tensor(input.Name, [1, 1], input.Datatype switch
        {
            "BYTES" => new[] { table[input.Name].AsStrings()[row] },
            "FP32" => new[] { (float)table[input.Name].AsDoubles()[row] },
            _ => throw new BenchException($"The model's input {input} is of a type that this benchmark does not send: expected BYTES or FP32."),
        })),
    ];

    private static byte[] Request(Uri infer, IReadOnlyList<Tensor> row)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            inputs = row.Select(t => new { name = t.Name, datatype = t.Datatype, shape = t.Shape, data = t.Values.Cast<object>() }),
        });
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {infer.AbsolutePath} HTTP/1.1\r\nHost: {infer.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
