namespace Baton.Contracts.Reports.Html;

/// <summary>The style of the page: light and dark, by the reader's own setting; prints.</summary>
internal static class Style
{
    public const string Css = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5b6570;--line:#d9dee3;--card:#f6f8fa;--pass:#1a7f47;--fail:#c62f3b;--open:#9a6700;--ink:#2563a8;--ink2:#9b59b6}
        @media(prefers-color-scheme:dark){:root{--bg:#12161b;--fg:#e4e8ec;--soft:#9aa5b1;--line:#2d343c;--card:#1a2027;--pass:#4cc38a;--fail:#ff7b84;--open:#e3b341;--ink:#6cb0f5;--ink2:#c49be0}}
        *{box-sizing:border-box}body{margin:0 auto;padding:24px;max-width:1080px;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
        h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:32px 0 8px}h3{font-size:14px;margin:0 0 6px;color:var(--soft);font-weight:600}
        code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}a{color:var(--ink)}
        header{border-left:6px solid var(--c);background:var(--card);padding:16px 20px;border-radius:6px}
        header p{margin:4px 0 0;color:var(--soft)}.badge{display:inline-block;padding:1px 10px;border-radius:12px;color:var(--bg);background:var(--c);font-weight:600;font-size:13px;vertical-align:3px;margin-right:8px}
        .pass{--c:var(--pass)}.fail{--c:var(--fail)}.open{--c:var(--open)}
        .clause{border:1px solid var(--line);border-left:4px solid var(--c);border-radius:6px;padding:10px 14px;margin:8px 0;break-inside:avoid}
        .head{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline}.head b{font:600 14px ui-monospace,monospace}.mark{color:var(--c);font-weight:700}
        .rung{font-size:12px;color:var(--soft);border:1px solid var(--line);border-radius:10px;padding:0 8px}
        .numbers{display:grid;grid-template-columns:minmax(120px,1fr) minmax(180px,1.4fr) minmax(200px,2fr) 300px;gap:4px 16px;align-items:center;margin-top:6px}
        .numbers div{overflow-wrap:anywhere}.label{display:block;font-size:12px;color:var(--soft)}.reason{margin:6px 0 0}.more{color:var(--open)}
        .pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px}.picture{border:1px solid var(--line);border-radius:6px;padding:12px;break-inside:avoid}
        svg{display:block;max-width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
        .axis{stroke:var(--line);fill:none}.guide{stroke:var(--soft);stroke-dasharray:3 3;fill:none;opacity:.6}.curve{stroke:var(--ink);stroke-width:2;fill:none}.curve2{stroke:var(--ink2)}
        .dot{fill:var(--ink)}.dot2{fill:var(--ink2)}.bar{fill:var(--ink);opacity:.75}.bound{stroke:var(--fg);stroke-width:2}.range{stroke:var(--c,var(--ink));stroke-width:4;opacity:.55}.value{fill:var(--c,var(--ink))}.claim{fill:none;stroke:var(--fg);stroke-width:1.5}
        table{border-collapse:collapse;width:100%;font-size:14px}th{text-align:left;color:var(--soft);font-weight:600;font-size:12px}th,td{border-bottom:1px solid var(--line);padding:4px 8px 4px 0;vertical-align:top;overflow-wrap:anywhere}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}details{margin-top:6px}summary{cursor:pointer;color:var(--soft)}footer{margin-top:32px;color:var(--soft);font-size:13px;border-top:1px solid var(--line);padding-top:12px}
        .cells{display:grid;grid-template-columns:1fr 1fr;gap:6px}.cells div{background:var(--card);border-radius:4px;padding:8px 10px}.cells strong{display:block;font-size:18px}.cells small{color:var(--soft)}
        @media(max-width:760px){.numbers{grid-template-columns:1fr 1fr}body{padding:12px}}@media print{details{display:none}}
        """;
}
