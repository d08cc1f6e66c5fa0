// A chart by keyboard: the arrow keys go from point to point, and what a point says is shown and announced.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Every point of a chart in the order of its data: where it is drawn, and what it says. */
function pointsOf(plot) {
  return plot.data.flatMap((trace, curveNumber) => {
    const said = trace.type === "sankey" ? trace.link : trace;
    if (!said.hovertemplate) return [];
    const amounts = trace.type === "sankey" ? said.value : trace.orientation === "h" ? trace.x : trace.y;
    return said.customdata
      .map((data, pointNumber) => ({
        curveNumber,
        pointNumber,
        words: fill(said.hovertemplate, data),
        part: trace.meta?.[pointNumber],
      }))
      .filter(({ pointNumber }) => amounts[pointNumber]);
  });
}

/** A template of Plotly's with its data filled in, without its marks. */
function fill(template, data) {
  const filled = template.replaceAll(/%\{customdata\[(\d+)\]\}/g, (_, index) => data[index] ?? "");
  return filled.replaceAll(/<extra><\/extra>|<\/?b>/g, "").replaceAll(/\s*<br>\s*/g, ", ").trim();
}

/** Asks the page for the part that a point stands for: a body, a service, or both. */
function choose(box, part) {
  if (part && Object.keys(part).length > 0) document.dispatchEvent(new CustomEvent("part", { detail: { box, part } }));
}

/** What was pressed of a chart, as Plotly tells it: a bar or a flow, not the node of a flow. */
function pressed(plot, [point]) {
  const trace = plot.data[point?.curveNumber ?? 0];
  if (trace.type !== "sankey") return trace.meta?.[point.pointNumber];
  return "flow" in point && "source" in point ? trace.meta?.[point.pointNumber] : undefined;
}

/** Lets the reader press what is drawn; Plotly forgets who listens only with the plot itself. */
export function pressable(box, plot) {
  const canPress = plot.data.some(({ meta }) => meta?.some((part) => Object.keys(part).length > 0));
  box.classList.toggle("is-pressable", canPress);
  plot.removeAllListeners("plotly_click");
  if (canPress) plot.on("plotly_click", ({ points }) => choose(box, pressed(plot, points)));
}

/** Lets the reader walk over a chart that has been drawn; once for each box. */
export function walkable(box, plot, plotly) {
  if (box.dataset.walkable) return;
  box.dataset.walkable = "true";
  const keys = box.classList.contains("is-pressable")
    ? "Arrow keys go from point to point, Enter shows that part alone."
    : "Arrow keys go from point to point.";
  walk(box, keys, {
    points: () => pointsOf(plot),
    words: (point) => point.words,
    mark(point) {
      if (plot.data[point.curveNumber].type === "sankey") markFlow(plot, point.pointNumber);
      else plotly.Fx.hover(plot, [{ curveNumber: point.curveNumber, pointNumber: point.pointNumber }]);
    },
    leave() {
      markFlow(plot, -1);
      plotly.Fx.unhover(plot);
    },
    press: (point) => choose(box, point?.part),
  });
}

/** The same for a drawing of the server's, whose marks say themselves what they are. */
export function walkableDrawing(box) {
  const points = [...box.querySelectorAll("[data-says]")];
  const leave = () => points.forEach((point) => point.classList.remove("is-marked"));
  walk(box, "Arrow keys go from point to point.", {
    points: () => points,
    words: (point) => point.dataset.says,
    mark(point) {
      leave();
      point.classList.add("is-marked");
    },
    leave,
  });
}

/** Goes from point to point by key, says each one below the box and marks it; Escape and leaving the box end that. */
function walk(box, keys, { points, words, mark, leave, press }) {
  const said = Object.assign(document.createElement("p"), { className: "chart-said" });
  said.setAttribute("role", "status");
  box.after(said);
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", "chart");
  box.setAttribute("aria-label", `${box.getAttribute("aria-label")} ${keys}`);
  let at = -1;

  function end() {
    at = -1;
    said.textContent = "";
    leave();
  }

  box.addEventListener("keydown", (event) => {
    const found = points();
    const last = found.length - 1;
    if (event.key === "Enter" && press) return press(found[at]);
    if (event.key in STEPS) at = Math.min(Math.max(at + STEPS[event.key], 0), last);
    else if (event.key === "Home") at = 0;
    else if (event.key === "End") at = last;
    else if (event.key === "Escape") return end();
    else return;
    event.preventDefault();
    if (!found[at]) return;
    said.textContent = words(found[at]);
    mark(found[at]);
  });
  box.addEventListener("blur", end);
}

function markFlow(plot, index) {
  const flows = plot.querySelectorAll(".sankey-link");
  for (const flow of flows) flow.classList.toggle("is-marked", flow.__data__?.link?.pointNumber === index);
}
