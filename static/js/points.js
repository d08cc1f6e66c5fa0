// A chart by keyboard: the arrow keys go from point to point, and what a point says is shown and announced.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Every point of a chart in the order of its data: where it is drawn, and what it says. */
function pointsOf(plot) {
  return plot.data.flatMap((trace, curveNumber) => {
    const said = trace.type === "sankey" ? trace.link : trace;
    if (!said.hovertemplate) return [];
    const amounts = trace.type === "sankey" ? said.value : trace.orientation === "h" ? trace.x : trace.y;
    return said.customdata
      .map((data, pointNumber) => ({ curveNumber, pointNumber, words: fill(said.hovertemplate, data) }))
      .filter(({ pointNumber }) => amounts[pointNumber]);
  });
}

/** A template of Plotly's with its data filled in, without its marks. */
function fill(template, data) {
  const filled = template.replaceAll(/%\{customdata\[(\d+)\]\}/g, (_, index) => data[index] ?? "");
  return filled.replaceAll(/<extra><\/extra>|<\/?b>/g, "").replaceAll(/\s*<br>\s*/g, ", ").trim();
}

/** Lets the reader walk over a chart that has been drawn; once for each box. */
export function walkable(box, plot, plotly) {
  if (box.dataset.walkable) return;
  box.dataset.walkable = "true";
  const said = document.createElement("p");
  said.className = "chart-said";
  said.setAttribute("role", "status");
  box.after(said);
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", "chart");
  box.setAttribute("aria-label", `${box.getAttribute("aria-label")} Arrow keys go from point to point.`);
  let at = -1;

  function show(point) {
    said.textContent = point.words;
    if (plot.data[point.curveNumber].type === "sankey") markFlow(plot, point.pointNumber);
    else plotly.Fx.hover(plot, [{ curveNumber: point.curveNumber, pointNumber: point.pointNumber }]);
  }

  function leave() {
    at = -1;
    said.textContent = "";
    markFlow(plot, -1);
    plotly.Fx.unhover(plot);
  }

  box.addEventListener("keydown", (event) => {
    const points = pointsOf(plot);
    const last = points.length - 1;
    if (event.key in STEPS) at = Math.min(Math.max(at + STEPS[event.key], 0), last);
    else if (event.key === "Home") at = 0;
    else if (event.key === "End") at = last;
    else if (event.key === "Escape") return leave();
    else return;
    event.preventDefault();
    if (points[at]) show(points[at]);
  });
  box.addEventListener("blur", leave);
}

function markFlow(plot, index) {
  const flows = plot.querySelectorAll(".sankey-link");
  for (const flow of flows) flow.classList.toggle("is-marked", flow.__data__?.link?.pointNumber === index);
}
