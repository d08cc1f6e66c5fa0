// Makes a table of inputs a spreadsheet. Without this script the same form saves with its button.

import { Checks } from "./checks.js";
import { isSingle } from "./clipboard.js";
import { Company } from "./company.js";
import { pressed } from "./keys.js";
import { Panel } from "./panel.js";
import { Round } from "./round.js";
import { Session } from "./session.js";
import { Sheet } from "./sheet.js";
import { Table } from "./table.js";

const page = document.getElementById("grid");
const part = document.getElementById("grid-part");
const form = document.getElementById("grid-form");
const undo = document.getElementById("grid-undo");
const redo = document.getElementById("grid-redo");
const { person, present, signIn } = page.dataset;
const session = new Session(form.elements.csrfmiddlewaretoken.value, person, present);

/** Sends changes of one slice; resolves with what the server answered, rejects where it cannot be reached. */
async function send(changes) {
  const answer = await session.post(page.dataset.cells, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      slice: changes[0].slice,
      shown: table.asked,
      changes: changes.map(({ cells }) => cells.map(asSent)),
    }),
  });
  const body = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (body.totals) checks.later();
  if (body.present !== undefined) company.say(body.present);
  return { ...body, status: answer.status };
}

function asSent({ key, typed, line, version, restores }) {
  const [agency, service_line] = key.split("-");
  return { agency, service_line, typed, line, row_version: version, restores: typed && !line ? restores : null };
}

/** A block with names goes to the page that matches it to the count and shows what would be written. */
function pasteNamed(text, body) {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = `${page.dataset.paste}${location.search}`;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: session.token, text, body, ...table.slice, step: "preview" })) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    sent.append(field);
  }
  sent.hidden = true;
  document.body.append(sent);
  sent.submit();
}

const checks = new Checks(document.getElementById("grid-checks"));
const table = new Table(part);
const company = new Company(document.getElementById("grid-present"), session, () => {
  if (sheet.queue.stopped === "sign-in") sheet.queue.resume();
});
const panel = new Panel(document.getElementById("grid-panel"), session, table, {
  changed: (key, line, version) => {
    Object.assign(table.cells.get(key), { line, version });
    sheet.queue.advance(table.slice, key, line, version);
  },
  settled: (key) => sheet.settled(key),
  present: (words) => company.say(words),
});
const sheet = new Sheet(table, {
  store: page.dataset.store,
  send,
  pasteNamed,
  changed: (keys) => keys.includes(panel.key) && panel.show(panel.key, table.asked, true),
  comment: () => panel.comment(table.cell(sheet.input).key, table.asked),
  open: (address) => openBranch(address).catch(() => location.assign(address)),
});

sheet.onActions = ({ canUndo, canRedo }) => {
  if (!undo) return;
  undo.disabled = !canUndo;
  redo.disabled = !canRedo;
};
if (undo) {
  undo.hidden = redo.hidden = false;
  undo.addEventListener("click", () => sheet.undo());
  redo.addEventListener("click", () => sheet.redo());
}

const cellOf = (event) => (event.target.matches?.(".grid input") ? event.target : null);
let dragging = false;

part.addEventListener("keydown", (event) => {
  if (cellOf(event) && pressed(event, sheet)) event.preventDefault();
});
part.addEventListener("input", () => {
  if (sheet.editing === "no") sheet.editing = "typing";
});
part.addEventListener("focusin", (event) => {
  const input = cellOf(event);
  if (!input) return;
  sheet.selection.start(input);
  input.select();
  panel.show(table.cell(input).key, table.asked);
});
part.addEventListener("focusout", (event) => cellOf(event) && sheet.commit(event.target));

part.addEventListener("mousedown", (event) => {
  const input = cellOf(event);
  if (!input || event.button !== 0) return;
  if (event.shiftKey) {
    event.preventDefault();
    sheet.selection.extend(input);
  } else if (input === document.activeElement) sheet.editing = sheet.editing === "no" ? "no" : "within";
  dragging = true;
});
part.addEventListener("mouseover", (event) => {
  const input = cellOf(event);
  if (!dragging || !input || input === document.activeElement) return;
  getSelection().removeAllRanges();
  sheet.selection.extend(input);
});
addEventListener("mouseup", () => (dragging = false));
part.addEventListener("dblclick", (event) => {
  if (cellOf(event)) sheet.editing = "within";
});

part.addEventListener("copy", (event) => {
  if (!cellOf(event) || sheet.editing !== "no") return;
  event.clipboardData.setData("text/plain", sheet.copy());
  event.preventDefault();
});
part.addEventListener("cut", (event) => {
  if (!cellOf(event) || sheet.editing !== "no") return;
  event.clipboardData.setData("text/plain", sheet.copy());
  sheet.clear();
  event.preventDefault();
});
part.addEventListener("paste", (event) => {
  if (!cellOf(event) || sheet.editing === "within") return;
  // Plain text always: as HTML a spreadsheet hands over what it shows, rounded or "####".
  const text = event.clipboardData.getData("text/plain");
  // A single value goes into what is being typed.
  if (sheet.editing === "typing" && isSingle(text)) return;
  event.preventDefault();
  sheet.paste(text);
});

form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("beforeunload", (event) => {
  if (sheet.input) sheet.commit(sheet.input);
  if (sheet.queue.unsaved) event.preventDefault();
});

const withoutFragment = () => location.pathname + location.search;
let shown = withoutFragment();

/** Opens another branch in place, with the cell that its address names; the address says which, as without script. */
async function openBranch(address, isBack = false) {
  const answer = await fetch(address, { headers: { "X-Part": "grid" } });
  if (!answer.ok || answer.redirected) {
    location.assign(address);
    return;
  }
  const wasInside = part.contains(document.activeElement);
  part.innerHTML = await answer.text();
  if (!isBack) history.pushState({}, "", address);
  shown = withoutFragment();
  showChoices(new URL(address, location.href).searchParams);
  sheet.redrawn();
  // Whoever goes back stays where they are, unless that was in the branch that is gone.
  if (!goToNamed() && (!isBack || wasInside)) table.focus(table.at(0, 0));
}

/** What is chosen above the grid follows the address. A line's code as a branch stands for the one that holds it. */
function showChoices(asked) {
  for (const select of document.querySelectorAll("#grid-choices select")) {
    if (asked.has(select.name)) select.value = asked.get(select.name);
  }
  const open = part.querySelectorAll(".is-open th");
  if (open.length === 1) document.querySelector('#grid-choices [name="branch"]').value = open[0].dataset.code;
}

part.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-branch]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openBranch(link.href).catch(() => location.assign(link.href));
});
// A link within the page, such as the one past the grid, changes the address too, but not what is shown.
addEventListener("popstate", () => {
  if (withoutFragment() !== shown) openBranch(location.href, true).catch(() => location.reload());
});

// On a phone what is shown is said in a line, and chosen where that is opened.
const phone = matchMedia("(max-width: 799.98px)");
const fold = () => (document.getElementById("grid-fold").open = !phone.matches);
phone.addEventListener("change", fold);
fold();

const title = document.querySelector(".grid-title");
const box = document.getElementById("grid-panel");
const lastCell = () => table.input(panel.key) ?? table.at(0, 0);
new Round([
  { element: part, focus: lastCell },
  { element: box, focus: () => box },
  { element: title, focus: () => title.querySelector("a") },
]);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  table.focus(lastCell());
});

/** An address may name a cell: a comment or a check leads there. Whether it does. */
function goToNamed() {
  const named = location.hash.startsWith("#c-") && table.input(location.hash.slice(3));
  if (!named) return false;
  named.blur();
  table.focus(named);
  return true;
}

addEventListener("hashchange", goToNamed);
page.classList.add("is-live");
goToNamed();
