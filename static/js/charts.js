// Draws each chart when it comes near the screen, and again when its box or the theme changes. Plotly itself is
// fetched only then, and where the server has placed the chart already only once the reader does something: what
// they see at first needs no script. Without this script the tables are shown instead.

import { pressable, walkable, walkableDrawing } from "./points.js";
import { save, saveDrawing } from "./saving.js";

const NARROW = 520;
const PAPER = 680;
const NEAR = "400px";
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false };

const DOINGS = ["pointermove", "pointerdown", "touchstart", "wheel", "scroll", "keydown", "focusin"];

const self = document.querySelector("script[data-plotly]");
const drawn = new Map();
let loading;
let turn = Promise.resolve();

/** Settled with the first thing that the reader does. */
const stirred = new Promise((done) => {
  for (const doing of DOINGS) addEventListener(doing, done, { once: true, passive: true, capture: true });
});

/** Lets the reader's own doing go first. */
const breathe = () => globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));

/** Charts are drawn one after the other, so that no single piece of work keeps the page from answering. */
function inTurn(task) {
  turn = turn.then(breathe).then(task);
  return turn;
}

/** Plotly, fetched once. Its styles come as a file: it would write them itself, which our policy refuses. */
function loadPlotly() {
  loading ??= Promise.all([import(self.dataset.plotly), loadStyles(), document.fonts.ready]).then(
    async ([module]) => {
      await breathe();
      return module.default;
    },
  );
  return loading;
}

function loadStyles() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = self.dataset.plotlyStyles;
  // The id and class by which Plotly knows that its rules are already there.
  link.id = "plotly.js-style-global";
  link.className = "no-inline-styles";
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error("The styles of the charts did not load.")));
    document.head.append(link);
  });
}

/** The figure as data, with every named colour filled in for the theme in use. */
function readFigure(box) {
  const style = getComputedStyle(document.documentElement);
  const source = document.getElementById(box.dataset.chart).textContent;
  const fill = (_, name, solid = "") => style.getPropertyValue(name).trim() + solid;
  return JSON.parse(source.replaceAll(/var\((--[a-z0-9-]+)(?:,([0-9a-f]{2}))?\)/g, fill));
}

/** Sets a value by its path, such as annotations[2].text or xaxis.range. */
function setByPath(object, path, value) {
  const steps = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const last = steps.pop();
  steps.reduce((inner, step) => (inner[step] ??= {}), object)[last] = value;
}

async function draw(box, width = box.clientWidth) {
  if (width === 0) return;
  const plotly = await loadPlotly();
  const { data, layout, narrow } = readFigure(box);
  if (width < NARROW) {
    for (const [path, value] of Object.entries(narrow)) setByPath(path.startsWith("data[") ? { data } : layout, path, value);
  }
  const plot = box.querySelector(".chart-plot");
  // Flows that are drawn again glide into place, and paper does not wait for that.
  if (data.some(({ type }) => type === "sankey")) plotly.purge(plot);
  await plotly.react(plot, data, { ...layout, width }, CONFIG);
  drawn.set(box, width);
  pressable(box, plot);
  walkable(box, plot, plotly);
  box.closest(".figure").classList.add("is-drawn");
}

/** Where a chart cannot be drawn its table takes its place, and says so. */
function showTable(box) {
  const figure = box.closest(".figure");
  figure.classList.add("is-without-chart");
  figure.querySelector('input[value="table"]').checked = true;
}

function drawOrShowTable(box, width) {
  return draw(box, width).catch((error) => {
    console.warn(error);
    showTable(box);
  });
}

function redrawAll(width) {
  return Promise.all([...drawn.keys()].map((box) => drawOrShowTable(box, width)));
}

async function drawWhenWanted(box) {
  if (box.querySelector(".chart-still")) await stirred;
  await inTurn(() => drawOrShowTable(box));
  sized.observe(box);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      drawWhenWanted(target);
    }
  },
  { rootMargin: NEAR },
);

const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.clientWidth !== drawn.get(target)) inTurn(() => drawOrShowTable(target));
  }
});

function observeBoxes(part) {
  for (const box of part.querySelectorAll(".chart:has([data-says])")) walkableDrawing(box);
  for (const box of part.querySelectorAll("[data-chart]")) seen.observe(box);
  for (const button of part.querySelectorAll("[data-save]")) button.parentElement.hidden = false;
}

/** Saves the chart of the figure whose button was pressed, in the light theme whatever is on the screen. */
async function savePicture(button) {
  const figure = button.closest(".figure");
  const box = figure.querySelector("[data-chart]");
  const plotly = box && (await loadPlotly());
  const { theme } = document.documentElement.dataset;
  document.documentElement.dataset.theme = "light";
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--page").trim();
  // Both read the colours of the light theme before they first wait.
  const saved = box
    ? save(plotly, readFigure(box), figure, button.dataset.save, ground)
    : saveDrawing(figure.querySelector("[data-drawing]"), figure, button.dataset.save, ground);
  if (theme === undefined) delete document.documentElement.dataset.theme;
  await saved;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-save]");
  if (button) savePicture(button).catch((error) => console.warn(error));
});

/** Figures that take the place of others go on with the charts that stand there, so that nothing blinks. */
function takeOver(next) {
  for (const old of drawn.keys()) {
    const box = next.querySelector(`[data-chart="${old.dataset.chart}"]`);
    if (box) {
      box.querySelector(".chart-plot").replaceWith(old.querySelector(".chart-plot"));
      box.closest(".figure").classList.add("is-drawn");
    }
    sized.unobserve(old);
    drawn.delete(old);
  }
  observeBoxes(next);
}

observeBoxes(document);

document.addEventListener("figures", ({ detail }) => takeOver(detail));

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redrawAll());

addEventListener("beforeprint", () => {
  document.documentElement.dataset.theme = "light";
  redrawAll(PAPER);
});
addEventListener("afterprint", () => {
  delete document.documentElement.dataset.theme;
  redrawAll();
});
