using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Baton.Contracts;
using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Imports;

/// <summary>Reads the body of an import: bounded, NaN and infinities by name, no NUL in any text.</summary>
internal static class ImportBody
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private const int MaxSource = 1000;

    private static readonly JsonSerializerOptions Options = new(Documents.Compact)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        Converters = { new WholeText() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { DemandFields } },
    };

    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellation)
        where T : IImport
    {
        var text = Encoding.UTF8.GetBytes(await request.ReadTextAsync(MaxBytes, cancellation));
        RefuseNulls(text);
        var import = JsonSerializer.Deserialize<T>(text, Options)!;
        if (import.Source.Length == 0 || import.Source.IsLongerThan(MaxSource))
            throw Refusal.Invalid($"'source' is empty or longer than {MaxSource} characters: it says where the import comes from.");
        return import;
    }

    /// <summary>The serializer would let nulls into lists and maps.</summary>
    private static void RefuseNulls(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Null)
                throw Refusal.Invalid($"There is a null at byte {reader.TokenStartIndex}: leave out what is not there.");
        }
    }

    /// <summary>What may not be null must be there.</summary>
    private static void DemandFields(JsonTypeInfo type)
    {
        foreach (var field in type.Properties)
            field.IsRequired = field.PropertyType.IsValueType ? Nullable.GetUnderlyingType(field.PropertyType) is null : !field.IsSetNullable;
    }

    /// <summary>PostgreSQL keeps no NUL in a text, so neither engine gets one.</summary>
    private sealed class WholeText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Whole(ref reader) : throw new JsonException("expected a text");

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Whole(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

        private static string Whole(ref Utf8JsonReader reader)
        {
            try
            {
                var text = reader.GetString()!;
                return text.Contains('\0') ? throw new JsonException("a text holds a NUL character") : text;
            }
            catch (InvalidOperationException)
            {
                throw new JsonException("a text holds half a character (a lone surrogate)");
            }
        }
    }
}

/// <summary>The body of an import.</summary>
internal interface IImport
{
    /// <summary>What is imported from, e.g. <c>mlflow:/home/ann/mlruns</c>; ids are told apart by it.</summary>
    string Source { get; }
}
