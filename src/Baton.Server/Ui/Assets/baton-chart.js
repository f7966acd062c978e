// <baton-chart>: draws the table inside it. The first column is the x axis, every further one a series, or only those whose heads the attribute
// `columns` names; what a cell says for people may differ from its `data-value`. Rows with `data-shaded` are drawn on a shaded ground. The table is
// folded away, unless it is to be kept (`keep`). Without this script the table stands.

/** @type {Promise<any>} uPlot, fetched only where there is something to draw. */
let library;

const colours = ["--chart-1", "--chart-2", "--chart-3", "--chart-4"];

/** A cell's number; null for an empty cell. */
const number = (text) => (text.trim() === "" || text.trim() === "–" ? null : Number(text.replaceAll(",", "").replace("−", "-")));

/** Reads head and rows: labels of the x axis and the values of each series, of all columns or of those named. */
function read(table, wanted) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const kept = heads.map((_, at) => at).filter((at) => at === 0 || !wanted || wanted.includes(heads[at]));
  const names = kept.map((at) => heads[at]);
  const body = [...table.tBodies[0].rows];
  const rows = body.map((row) => kept.map((at) => row.cells[at].dataset.value ?? row.cells[at].textContent));
  const shaded = body.map((row) => row.hasAttribute("data-shaded"));
  const labels = rows.map((row) => row[0].trim());
  const numeric = labels.every((label) => label !== "" && Number.isFinite(number(label)));
  const x = numeric ? labels.map(number) : labels.map((_, at) => at);
  return { names, labels, numeric, shaded, columns: [x, ...names.slice(1).map((_, at) => rows.map((row) => number(row[at + 1])))] };
}

class BatonChart extends HTMLElement {
  #chart;
  #resized;

  async connectedCallback() {
    const table = this.querySelector("table");
    if (!table || this.#resized) return;
    const data = read(table, this.getAttribute("columns")?.split(","));
    const [{ default: uPlot }] = await Promise.all([(library ??= import("./uplot.js"))]);
    const canvas = document.createElement("div");
    canvas.className = "chart";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.getAttribute("label") ?? "Chart of the numbers below");
    this.prepend(canvas);
    if (!this.hasAttribute("keep")) this.#fold(table);
    // Inside closed details there is no width yet: it is drawn when it first has one.
    this.#resized = new ResizeObserver(() => {
      const width = Math.floor(canvas.clientWidth);
      if (width === 0) return;
      if (this.#chart) this.#chart.setSize({ width, height: this.#height(width) });
      else this.#chart = this.#draw(uPlot, canvas, data, width);
    });
    this.#resized.observe(canvas);
  }

  disconnectedCallback() {
    this.#resized?.disconnect();
    this.#chart?.destroy();
    this.#chart = this.#resized = undefined;
  }

  #height(width) {
    return Math.max(150, Math.min(240, Math.round(width * 0.3)));
  }

  /** The numbers stay at hand, folded away beneath the picture. */
  #fold(table) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "Numbers";
    details.className = "numbers";
    table.replaceWith(details);
    details.append(summary, table);
  }

  #draw(uPlot, canvas, { names, labels, numeric, shaded, columns }, width) {
    const style = getComputedStyle(this);
    const colour = (name) => style.getPropertyValue(name).trim();
    const font = `12px ${style.fontFamily}`;
    const axis = { stroke: colour("--muted"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const label = (at) => (numeric ? String(at) : (labels[at] ?? ""));
    const bound = this.hasAttribute("bound") ? Number(this.getAttribute("bound")) : null;
    return new uPlot(
      {
        width,
        height: this.#height(width),
        cursor: { y: false, points: { size: 7 } },
        scales: {
          x: { time: false, range: (_, low, high) => (low === high ? [low - 1, high + 1] : [low - (high - low) * 0.02, high + (high - low) * 0.02]) },
          y: { range: (_, low, high) => this.#range(uPlot, low, high, bound) },
        },
        axes: [
          { ...axis, size: 34, space: 70, incrs: numeric ? undefined : [1, 2, 5, 7, 10, 14, 20, 28, 50, 100, 200, 500, 1000], values: (_, splits) => splits.map((at) => (Number.isInteger(at) || numeric ? label(at) : "")) },
          { ...axis, size: 60 },
        ],
        series: [
          { label: names[0], value: (_, at) => (at === null ? "–" : label(at)) },
          ...names.slice(1).map((name, at) => ({
            label: name,
            stroke: colour(colours[at % colours.length]),
            width: 2,
            dash: at === 0 ? undefined : [6, 4],
            points: { show: labels.length <= 40, size: 6, fill: colour(colours[at % colours.length]) },
            value: (_, value) => (value === null ? "–" : Number(value.toPrecision(5)).toString()),
          })),
        ],
        hooks: {
          drawClear: [(chart) => this.#shade(chart, columns[0], shaded, colour("--shade"))],
          draw: [(chart) => bound !== null && this.#line(chart, bound, colour("--ink"))],
          ready: [() => this.setAttribute("data-ready", "")],
        },
      },
      columns,
      canvas,
    );
  }

  #range(uPlot, low, high, bound) {
    if (low === null) return [0, 1];
    const [least, most] = bound === null ? [low, high] : [Math.min(low, bound), Math.max(high, bound)];
    return least === most ? [least - Math.abs(least || 1) * 0.1, most + Math.abs(most || 1) * 0.1] : uPlot.rangeNum(least, most, 0.1, true);
  }

  /** Shades the ground half-way to the neighbours of each row that is marked. */
  #shade({ ctx, bbox, valToPos }, x, shaded, fill) {
    ctx.save();
    ctx.fillStyle = fill;
    const edge = (at, other) => {
      const middle = other in x ? (x[at] + x[other]) / 2 : x[at] + (other - at) / 2;
      return Math.min(Math.max(valToPos(middle, "x", true), bbox.left), bbox.left + bbox.width);
    };
    shaded.forEach((marked, at) => {
      if (!marked) return;
      const [from, to] = [edge(at, at - 1), edge(at, at + 1)];
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    });
    ctx.restore();
  }

  #line({ ctx, bbox, valToPos }, value, stroke) {
    const y = Math.round(valToPos(value, "y", true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = stroke;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }
}

customElements.define("baton-chart", BatonChart);
