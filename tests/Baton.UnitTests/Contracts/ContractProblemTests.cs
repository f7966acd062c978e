using Baton.Contracts;
using Xunit;

namespace Baton.UnitTests.Contracts;

public sealed class ContractProblemTests
{
    private const string Head = "model: m\nclauses:\n";

    [Fact]
    public void A_typo_is_named_with_place_and_likely_word()
    {
        var problem = Assert.Single(Problems(Head + "  reproduces:\n    wihtin: 0.0001\n"));

        Assert.Equal(
            new ContractProblem("clauses.reproduces.wihtin", "unknown field 'wihtin' in clauses.reproduces; did you mean 'within'?", 4, 5, "within"), problem);
    }

    [Fact]
    public void All_problems_are_told_in_the_order_of_the_text()
    {
        var problems = Problems("""
            model: a/b
            purpos: words
            clauses:
              reproduces: {within: -1, rows: {min: 99.5}}
              metrics:
                auc: {min: 0.6}
                f1: {min: 1.5}
                recall: {min: 0.8, max: 0.7}
              latency: {p95: {max: 25}, load: 20 rps}
              memory: {peak: 256 MiB}
            """);

        Assert.Equal(
            [
                ("model", 1, 8, null),
                ("purpos", 2, 1, "purpose"),
                ("clauses.reproduces.within", 4, 24, null),
                ("clauses.reproduces.rows.min", 4, 40, "99.5 %"),
                ("clauses.metrics.auc", 6, 5, "roc_auc"),
                ("clauses.metrics.f1.min", 7, 15, null),
                ("clauses.metrics.recall.min", 8, 19, null),
                ("clauses.latency.p95.max", 9, 24, "25 ms"),
                ("clauses.latency.load", 9, 35, "requests/s"),
                ("clauses.memory.peak", 10, 18, null),
            ],
            problems.Select(p => (p.Path, p.Line, p.Column, p.Suggestion)));
    }

    [Theory]
    [InlineData("clauses: {memory: {peak: {max: 1 GB}}}", "model is missing; write 'model:' and the name of the registered model")]
    [InlineData("model: m", "clauses are missing; write 'clauses:' and below it at least one of reproduces, metrics, fairness, data, robustness, checks, latency, memory, hardware, package, provenance, security, operations")]
    [InlineData("model: m\nclauses:", "clauses: no clause is demanded; write at least one of reproduces, metrics, fairness, data, robustness, checks, latency, memory, hardware, package, provenance, security, operations")]
    [InlineData("model: m\nclauses: {}", "clauses: no clause is demanded; write at least one of reproduces, metrics, fairness, data, robustness, checks, latency, memory, hardware, package, provenance, security, operations")]
    [InlineData("model:\nclauses: {reproduces: {}}", "model: it is empty, but a text is expected")]
    [InlineData("model: [m]\nclauses: {reproduces: {}}", "model: it is a list, but a text is expected")]
    [InlineData("model: {m: 1}\nclauses: {reproduces: {}}", "model: it holds fields, but a text is expected")]
    [InlineData("model: m\nclauses: [reproduces]", "clauses is a list, but fields are expected; write e.g. 'clauses: {memory: {peak: {max: 256 MiB}}}'")]
    [InlineData("- model", "a contract is a mapping of fields; it begins with 'model: NAME'")]
    [InlineData("", "the text is empty; a contract begins with 'model: NAME'")]
    [InlineData("# only a comment", "the text is empty; a contract begins with 'model: NAME'")]
    [InlineData("model: \"a\\nb\"\nclauses: {reproduces: {}}", "model: the text holds a control character or a line break; remove it")]
    public void A_document_that_is_no_contract_says_why(string yaml, string message) => Assert.Equal(message, Assert.Single(Problems(yaml)).Message);

    [Theory]
    [InlineData("reproduces:", "clauses.reproduces is empty; write e.g. 'reproduces: {within: 0.0001, rows: {min: 99.5 %}}'")]
    [InlineData("reproduces: {rows: {max: 5 %}}", "unknown field 'max' in clauses.reproduces.rows; expected only min")]
    [InlineData("reproduces: {rows: {min: -1 %}}", "clauses.reproduces.rows.min: a share of rows lies between 0 % and 100 %")]
    [InlineData("reproduces: {rows: {min: most}}", "clauses.reproduces.rows.min: 'most' is not a percentage; write one like 95 % or 0.95")]
    [InlineData("reproduces: {within: .nan}", "clauses.reproduces.within: '.nan' is not a number; write one like 0.95")]
    [InlineData("reproduces: {within: NaN}", "clauses.reproduces.within: 'NaN' is not a number; write one like 0.95")]
    [InlineData("metrics: {}", "clauses.metrics names no metric; write e.g. 'roc_auc: {min: 0.60}', or leave the clause out")]
    [InlineData("metrics: {roc-auc: {min: 0.6}}", "unknown metric 'roc-auc' in clauses.metrics; did you mean 'roc_auc'?")]
    [InlineData("metrics: {roc_auc: 0.6}", "clauses.metrics.roc_auc is '0.6', but fields are expected; write e.g. 'roc_auc: {min: 0.60}'")]
    [InlineData("metrics: {log_loss: {group_by: date}}", "clauses.metrics.log_loss demands nothing; write at least one of min, max, against_production, against_claimed, against_baseline, slices")]
    [InlineData("metrics: {log_loss: {max: -1}}", "clauses.metrics.log_loss.max: -1 is no value of log_loss, which is 0 or more")]
    [InlineData("metrics: {r2: {min: 2}}", "clauses.metrics.r2.min: 2 is no value of r2, which is 1 or less")]
    [InlineData("metrics: {roc_auc: {min: 60}}", "clauses.metrics.roc_auc.min: 60 is no value of roc_auc, which lies between 0 and 1")]
    [InlineData("metrics: {roc_auc: {min: 0.6, confidence: 0.2}}", "clauses.metrics.roc_auc.confidence: a confidence lies between 50 % and 99.9 %")]
    [InlineData("metrics: {roc_auc: {min: 0.6, confidence: 95}}", "clauses.metrics.roc_auc.confidence: 95 is above 1, the whole; did you mean '95 %'?")]
    [InlineData("metrics: {roc_auc: {against_production: {}}}", "clauses.metrics.roc_auc.against_production has no bound; write e.g. 'against_production: {min: -0.005}'")]
    [InlineData("metrics: {roc_auc: {against_production: {min: -2}}}", "clauses.metrics.roc_auc.against_production.min: -2 is no difference of roc_auc, which lies between 0 and 1")]
    [InlineData("latency: {}", "clauses.latency names no percentile; write e.g. 'p95: {max: 25 ms}'")]
    [InlineData("latency: {p0: {max: 1 s}}", "clauses.latency.p0: 'p0' is no percentile; write one above p0 and below p100, e.g. p95 or p99.9")]
    [InlineData("latency: {p100: {max: 1 s}}", "clauses.latency.p100: 'p100' is no percentile; write one above p0 and below p100, e.g. p95 or p99.9")]
    [InlineData("latency: {p95: {max: 1 s}, p99: {max: 2 s}}", "clauses.latency.p99: a second percentile after p95; a contract bounds one: keep the one that matters")]
    [InlineData("latency: {p95: {}}", "clauses.latency.p95 has no bound; write e.g. 'p95: {max: 25 ms}'")]
    [InlineData("latency: {p95: {max: 0 ms}}", "clauses.latency.p95.max: a latency is above 0")]
    [InlineData("latency: {p95: {max: 5 MS}}", "clauses.latency.p95.max: 'MS' is no unit of a duration; did you mean 'ms'?")]
    [InlineData("latency: {p95: {max: 5 y}}", "clauses.latency.p95.max: 'y' is no unit of a duration; expected one of d, h, min, s, ms, us")]
    [InlineData("latency: {p95: {max: 9e27 s}}", "clauses.latency.p95.max: 9e27 s is more than can be held")]
    [InlineData("latency: {p95: {max: 5 ms}, rows: 0}", "clauses.latency.rows: a request has 1 to 1000000 rows")]
    [InlineData("latency: {p95: {max: 5 ms}, rows: 1.5}", "clauses.latency.rows: '1.5' is not a whole number; write one like 8")]
    [InlineData("latency: {p95: {max: 5 ms}, load: 20}", "clauses.latency.load: 20 has no unit; write '20 requests/s'")]
    [InlineData("latency: {p95: {max: 5 ms}, laod: 20/s}", "unknown field 'laod' in clauses.latency; did you mean 'load'?")]
    [InlineData("memory: {}", "clauses.memory has no bound; write e.g. 'peak: {max: 256 MiB}'")]
    [InlineData("memory: {peak: {max: 256 mib}}", "clauses.memory.peak.max: 'mib' is no unit of a size; did you mean 'MiB'?")]
    [InlineData("memory: {peak: {max: much}}", "clauses.memory.peak.max: 'much' is not a size; write one like 256 MiB")]
    [InlineData("speed: {max: 1}", "unknown field 'speed' in clauses; expected one of reproduces, metrics, fairness, data, robustness, checks, latency, memory, hardware, package, provenance, security, operations")]
    public void A_clause_that_is_wrong_says_what_to_write(string clause, string message) =>
        Assert.Equal(message, Assert.Single(Problems(Head + "  " + clause)).Message);

    [Fact]
    public void An_unknown_metric_that_is_like_none_is_told_all_of_them() => Assert.Equal(
        $"unknown metric 'zzz' in clauses.metrics; expected one of {string.Join(", ", MetricNames.Written)}",
        Assert.Single(Problems(Head + "  metrics: {zzz: {min: 1}}")).Message);

    [Theory]
    [InlineData("metrics: {roc_auc: {against_baseline: {predictor: mean}}}", "clauses.metrics.roc_auc.against_baseline has no bound; write e.g. 'against_baseline: {min: 0.05}'")]
    [InlineData("metrics: {roc_auc: {min: 0.6, evidence: guessed}}", "clauses.metrics.roc_auc.evidence: 'guessed' is not known here; expected one of declared, extracted, replayed, re_executed, measured, observed")]
    [InlineData("metrics: {roc_auc: {slices: {origin: {}}}}", "clauses.metrics.roc_auc.slices.origin has no bound; write at least one of min, max, gap")]
    [InlineData("metrics: {roc_auc: {slices: {}}}", "clauses.metrics.roc_auc.slices names no column; write e.g. 'country: {min: 0.55}', or leave the clause out")]
    [InlineData("fairness: {gender: {}}", "clauses.fairness.gender has no bound; write e.g. 'demographic_parity_difference: {max: 0.10}'")]
    [InlineData("fairness: {gender: {equalised_odds_difference: {max: 0.1}}}", "unknown field 'equalised_odds_difference' in clauses.fairness.gender; did you mean 'equalized_odds_difference'?")]
    [InlineData("data: {}", "clauses.data has no demand; write e.g. 'key: id'")]
    [InlineData("data: {sensitive: {gender: 1}}", "clauses.data.sensitive: a list of texts is expected, like [one, two]")]
    [InlineData("data: {holdout: {max_uses: 3}}", "clauses.data.holdout names no dataset; write e.g. 'holdout: {name: june}'")]
    [InlineData("robustness: {}", "clauses.robustness has no demand; write e.g. 'batch: {within: 0.000001}'")]
    [InlineData("robustness: {noise: {level: 0 %}}", "clauses.robustness.noise.level: a level lies above 0 % and is at most 100 %")]
    [InlineData("robustness: {direction: {hour: {score: risse}}}", "clauses.robustness.direction.hour.score: 'risse' is not known here; did you mean 'rise'?")]
    [InlineData("checks: {profit: {min: 0}}", "clauses.checks.profit has no command; write e.g. 'command: python3 checks/profit.py'")]
    [InlineData("hardware: {web: {on: {cores: 2}}}", "clauses.hardware.web demands nothing; write e.g. 'p95: {max: 25 ms}'")]
    [InlineData("hardware: {web: {scenario: offline, load: 5 requests/s, throughput: {min: 10 rows/s}}}", "clauses.hardware.web.load: the scenario offline has no arrival rate; leave the load out, or write 'scenario: server'")]
    [InlineData("hardware: {web: {throughput: {min: 10 requests/s}}}", "clauses.hardware.web.throughput.min: 'requests/s' is no unit of a rate; write one like 20 rows/s")]
    [InlineData("hardware: {web: {batch: {rows: 100}}}", "clauses.hardware.web.batch needs within; write e.g. 'batch: {rows: 10000000, within: 1 h}'")]
    [InlineData("package: {}", "clauses.package has no bound; write e.g. 'size: {max: 50 MiB}'")]
    [InlineData("provenance: {require: [comit]}", "clauses.provenance.require: 'comit' is not known here; did you mean 'commit'?")]
    [InlineData("security: {signed_by: me}", "clauses.security.signed_by: a key is named by its digest, 'sha256:' and 64 hex digits; `openssl pkey -pubin -in key.pub -outform DER | sha256sum` prints it")]
    [InlineData("operations: {staleness: {max: 90}}", "clauses.operations.staleness.max: 90 has no unit; write '90 ms'")]
    public void A_clause_of_the_longer_list_that_is_wrong_says_what_to_write(string clause, string message) =>
        Assert.Equal(message, Assert.Single(Problems(Head + "  " + clause)).Message);

    [Theory]
    [InlineData("model: &a m\npurpose: *a\nclauses: {reproduces: {}}", 1, 8, "anchor '&a': contracts have no anchors; remove it")]
    [InlineData("model: !!str m\nclauses: {reproduces: {}}", 1, 8, "tag 'tag:yaml.org,2002:str': contracts have no tags; remove it")]
    [InlineData("model: m\nclauses: {reproduces: {}}\nmodel: n", 3, 1, "'model' stands twice, first on line 1; keep one")]
    [InlineData("model: m\nclauses: {reproduces: {}}\n---\nmodel: n", 3, 1, "a second YAML document begins here; a contract is one document: remove the '---'")]
    [InlineData("model: m\n[a, b]: c\nclauses: {reproduces: {}}", 2, 1, "a field's name must be one word, not a mapping or a list")]
    public void The_wilder_side_of_YAML_is_refused(string yaml, int line, int column, string message)
    {
        var problem = Problems(yaml)[0];

        Assert.Equal((line, column, message), (problem.Line, problem.Column, problem.Message));
    }

    [Theory]
    [InlineData("model: m\nclauses: {memory: {peak: {max: 1 GB}}\n", 3, "not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'; the '{' at line 2, column 10 may not be closed")]
    [InlineData("model: m\nclauses:\n  latency:\n    p95: {max: 25 ms\n    load: 20 requests/s\n", 5, "not valid YAML: the text cannot be read on from here; the '{' at line 4, column 10 may not be closed")]
    [InlineData("model: 'm\nclauses: {}\n", 1, "not valid YAML: while scanning a quoted scalar, found unexpected end of stream")]
    public void A_fault_of_syntax_has_its_place_and_the_bracket_that_may_be_open(string yaml, int line, string message)
    {
        var problem = Assert.Single(Problems(yaml));

        Assert.Equal(message, problem.Message);
        Assert.Equal(line, problem.Line);
    }

    [Fact]
    public void Deep_nesting_is_refused_where_it_becomes_too_deep()
    {
        var problem = Assert.Single(Problems("model: " + new string('[', 30_000)));

        Assert.Equal(("nested more than 10 levels deep; a contract needs at most 6", 1, 18), (problem.Message, problem.Line, problem.Column));
    }

    [Fact]
    public void A_text_over_64_KiB_is_refused_and_one_of_64_KiB_is_read()
    {
        const string contract = "model: m\nclauses: {reproduces: {}}\n#";
        var fits = contract + new string('x', (64 * 1024) - contract.Length);

        Assert.NotNull(ContractParser.Parse(fits).Contract);
        Assert.Equal("the text is 65,537 bytes; a contract is at most 65,536", Assert.Single(Problems(fits + "x")).Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        var problem = Assert.Single(Problems("model: m\npurpose: a\ud800b\nclauses: {reproduces: {}}"));

        Assert.Equal((2, 11), (problem.Line, problem.Column));
    }

    private static IReadOnlyList<ContractProblem> Problems(string yaml)
    {
        var result = ContractParser.Parse(yaml);
        Assert.Null(result.Contract);
        return result.Problems;
    }
}
