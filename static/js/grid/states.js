// What the page says of cells: the line about saving, the list of problems above the grid, and announcements.

const byId = (id) => document.getElementById(id);

export function say(words) {
  byId("grid-said").textContent = words;
}

function counted(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

/** The plain line that says how the changes stand. */
export function showStatus(queue) {
  const line = byId("grid-status");
  if (!line) return;
  const [state, words] = statusOf(queue);
  line.hidden = false;
  if (line.textContent !== words) line.textContent = words;
  line.dataset.state = state;
}

function statusOf({ changes, stopped }) {
  const unsent = changes.filter(({ state }) => state !== "held");
  const cells = unsent.reduce((sum, change) => sum + change.cells.length, 0);
  if (stopped === "connection") {
    return ["waiting", `Not saved yet: ${counted(cells, "change", "changes")}, waiting for the connection`];
  }
  if (stopped) return ["refused", `Not saved: ${counted(cells, "change", "changes")}. ${stopped}`];
  if (cells > 0) return ["saving", `Saving ${counted(cells, "change", "changes")}`];
  const held = changes.reduce((sum, change) => sum + change.cells.length, 0);
  if (held > 0) return ["refused", `${counted(held, "cell is", "cells are")} not saved: see above the grid`];
  return ["saved", "All changes are saved"];
}

function button(words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button-quiet";
  made.textContent = words;
  made.addEventListener("click", action);
  return made;
}

/** One line of the list: where, what is wrong, and what can be done about it. */
function problemLine(problem, { goTo, use, keepMine, takeTheirs }) {
  const { cell, outcome } = problem;
  const item = document.createElement("li");
  item.id = `problem-${cell.key}`;
  item.dataset.state = outcome.state;
  const where = document.createElement("strong");
  where.textContent = `${cell.label}.`;
  item.append(where, ` ${outcome.message} `);
  if (outcome.suggestion) item.append(button(`Use £${outcome.suggestion}`, () => use(cell.key, outcome.suggestion)));
  if (outcome.theirs) {
    const { who, when, shown } = outcome.theirs;
    item.append(`You typed ${cell.typed || "nothing"}; ${who} saved ${shown || "nothing"}${when ? `, ${when}` : ""}. `);
    item.append(button("Keep mine", () => keepMine(cell.key)), button("Take theirs", () => takeTheirs(cell.key)));
  }
  const link = document.createElement("a");
  link.href = `#c-${cell.key}`;
  link.textContent = "Go to cell";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(cell.key);
  });
  item.append(link);
  return item;
}

/** The list of bad cells, and how many good ones wait for them. */
export function showProblems(queue, answers) {
  const problems = [];
  let waiting = 0;
  for (const change of queue.changes.filter(({ state }) => state === "held")) {
    for (const cell of change.cells) {
      if (cell.outcome && cell.outcome.state !== "held") problems.push({ cell, outcome: cell.outcome });
      else waiting += 1;
    }
  }
  const box = byId("grid-problems");
  box.hidden = problems.length === 0;
  byId("grid-problems-list").replaceChildren(...problems.map((problem) => problemLine(problem, answers)));
  const rest = waiting ? `; ${counted(waiting, "other cell of the same block waits", "other cells of the same block wait")}` : "";
  byId("grid-problems-title").textContent = `${counted(problems.length, "cell is", "cells are")} not saved${rest}`;
}

/** A refusal of a whole action, such as a block that does not fit: nothing was typed anywhere. */
export function showRefusal(words) {
  const box = byId("grid-problems");
  box.hidden = false;
  byId("grid-problems-title").textContent = "Nothing was pasted";
  const item = document.createElement("li");
  item.dataset.state = "refused";
  item.textContent = words;
  byId("grid-problems-list").replaceChildren(item);
  say(`Nothing was pasted. ${words}`);
}
