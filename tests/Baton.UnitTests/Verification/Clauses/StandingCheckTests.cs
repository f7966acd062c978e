using Baton.Contracts;
using Baton.Inference;
using Baton.Verification;
using Baton.Verification.Clauses;
using Xunit;

namespace Baton.UnitTests.Verification.Clauses;

public sealed class StandingCheckTests
{
    private static readonly string A = "sha256:" + new string('a', 64);
    private static readonly string B = "sha256:" + new string('b', 64);

    private static readonly FrameworkClaim Framework = new()
    {
        Format = "onnx",
        ModelFile = "model.onnx",
        Name = "skl2onnx",
        Version = "1.21.0",
        IrVersion = 10,
        Opsets = new Dictionary<string, long> { ["ai.onnx"] = 21, ["ai.onnx.ml"] = 1 },
    };

    private static readonly InterfaceClaim Interface = new()
    {
        Inputs = [new("hour", "FP32", [-1, 1]), new("origin", "BYTES", [-1, 1])],
        Outputs = [new("label", "INT64", [-1]), new("probabilities", "FP32", [-1, 2])],
        Prediction = "label",
        Score = "probabilities[1]",
    };

    private static readonly ModelDescription Description = new()
    {
        Inputs = [new("hour", "FP32", [-1, 1]), new("origin", "BYTES", [-1, 1])],
        Outputs = [new("label", "INT64", [-1]), new("probabilities", "FP32", [-1, 2])],
        IrVersion = 10,
        ProducerName = "skl2onnx",
        ProducerVersion = "1.21.0",
        Opsets = new Dictionary<string, long> { ["ai.onnx"] = 21, ["ai.onnx.ml"] = 1 },
        Parameters = new ParameterCount(5000, new Dictionary<string, long> { ["tree_thresholds"] = 2000, ["tree_leaf_weights"] = 3000 }),
        Metadata = new Dictionary<string, string>(),
    };

    [Fact]
    public void Files_as_claimed_pass()
    {
        var manifest = Manifest.Of([new("model.onnx", A, 10)]);
        var result = FilesCheck.Judge(manifest, manifest);

        Assert.Equal(("files", Verdict.Pass), (result.Name, result.Verdict));
        Assert.Equal(manifest.Digest, result.Measured!.Text);
    }

    [Fact]
    public void A_changed_file_is_named_with_both_digests()
    {
        var result = FilesCheck.Judge(Manifest.Of([new("model.onnx", A, 10)]), Manifest.Of([new("model.onnx", B, 10)]));

        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("model.onnx", result.Reason, StringComparison.Ordinal);
        Assert.Contains(A, result.Reason, StringComparison.Ordinal);
        Assert.Contains(B, result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_further_files_are_named()
    {
        var result = FilesCheck.Judge(Manifest.Of([new("MLmodel", A, 1), new("model.onnx", A, 10)]), Manifest.Of([new("model.onnx", A, 10), new("evil.so", B, 3)]));

        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Equal(["MLmodel", "evil.so"], result.Facts.Select(f => f.Label));
        Assert.StartsWith("missing", result.Facts[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("not named", result.Facts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_is_compared_in_bytes()
    {
        Assert.Equal(Verdict.Pass, SizeCheck.Judge(Manifest.Of([new("a", A, 10)]), Manifest.Of([new("a", A, 10)])).Verdict);
        var result = SizeCheck.Judge(Manifest.Of([new("a", A, 10)]), Manifest.Of([new("a", A, 11)]));
        Assert.Equal((Verdict.Fail, 10d, 11d), (result.Verdict, result.Claimed!.Number, result.Measured!.Number));
    }

    [Fact]
    public void A_framework_as_claimed_passes() => Assert.Equal(Verdict.Pass, FrameworkCheck.Judge(Framework, Found(Description)).Verdict);

    [Fact]
    public void Another_framework_version_ir_or_operator_set_is_named()
    {
        var result = FrameworkCheck.Judge(Framework, Found(Description with
        {
            ProducerVersion = "1.20.0",
            IrVersion = 9,
            Opsets = new Dictionary<string, long> { ["ai.onnx"] = 20, ["com.microsoft"] = 1 },
        }));

        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Equal(5, result.Facts.Count);
        Assert.Contains(result.Facts, f => f.Text.Contains("'1.21.0'", StringComparison.Ordinal) && f.Text.Contains("'1.20.0'", StringComparison.Ordinal));
        Assert.Contains(result.Facts, f => f.Text == "the claims say operator set ai.onnx.ml 1, and the file has none");
        Assert.Contains(result.Facts, f => f.Text == "the claims say operator set com.microsoft none, and the file has 1");
    }

    [Fact]
    public void Parameters_are_compared_by_kind()
    {
        var claimed = new ParameterClaim(5000, new Dictionary<string, long> { ["tree_thresholds"] = 2000, ["tree_leaf_weights"] = 3000 });
        Assert.Equal(Verdict.Pass, ParametersCheck.Judge(claimed, Found(Description)).Verdict);

        var result = ParametersCheck.Judge(claimed with { ByKind = new Dictionary<string, long> { ["tree_thresholds"] = 5000 } }, Found(Description));
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("5,000 tree_thresholds, and the file has 2,000", result.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Fail, ParametersCheck.Judge(claimed with { Total = 4999 }, Found(Description)).Verdict);
    }

    [Fact]
    public void An_interface_as_claimed_passes() => Assert.Equal(Verdict.Pass, InterfaceCheck.Judge(Interface, Found(Description)).Verdict);

    [Fact]
    public void An_input_that_the_claims_do_not_name_is_named()
    {
        var result = InterfaceCheck.Judge(Interface, Found(Description with { Inputs = [.. Description.Inputs, new("late_rate_24h", "FP32", [-1, 1])] }));

        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("The model has input `late_rate_24h` FP32 [-1,1]; the claims do not name it", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_a_shape_an_order_a_missing_output_each_fail()
    {
        Assert.Contains("FP64", Reason(Description with { Inputs = [new("hour", "FP64", [-1, 1]), new("origin", "BYTES", [-1, 1])] }), StringComparison.Ordinal);
        Assert.Contains("[-1]", Reason(Description with { Inputs = [new("hour", "FP32", [-1]), new("origin", "BYTES", [-1, 1])] }), StringComparison.Ordinal);
        Assert.Contains("order", Reason(Description with { Inputs = [new("origin", "BYTES", [-1, 1]), new("hour", "FP32", [-1, 1])] }), StringComparison.Ordinal);
        Assert.Contains("`probabilities`", Reason(Description with { Outputs = [new("label", "INT64", [-1])] }), StringComparison.Ordinal);

        static string Reason(ModelDescription found)
        {
            var result = InterfaceCheck.Judge(Interface, Found(found));
            Assert.Equal(Verdict.Fail, result.Verdict);
            return result.Reason;
        }
    }

    [Fact]
    public void A_model_that_cannot_be_read_fails_each_check_with_its_reason()
    {
        var package = new Package { Manifest = Manifest.Of([]), ModelPath = null, Description = null, Fault = "The model file model.onnx cannot be read as ONNX: it is cut short." };

        foreach (var result in new[]
                 {
                     FrameworkCheck.Judge(Framework, package), InterfaceCheck.Judge(Interface, package), ParametersCheck.Judge(new(1, new Dictionary<string, long>()), package),
                 })
        {
            Assert.Equal((Verdict.Fail, package.Fault, null), (result.Verdict, result.Reason, result.Measured));
        }
    }

    private static Package Found(ModelDescription description) => new() { Manifest = Manifest.Of([]), ModelPath = "/m/model.onnx", Description = description, Fault = null };
}
