// Blocks of cells as spreadsheets put them on the clipboard: plain text, tabs between cells, line ends between rows.

/** One field that begins with a quote: [text, where it ends], or null where it is no quoted field after all. */
function quoted(text, start) {
  let field = "";
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') field += text[at];
    else if (text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else return at + 1 === text.length || "\t\r\n".includes(text[at + 1]) ? [field, at + 1] : null;
  }
  return null;
}

function plain(text, start) {
  let end = start;
  while (end < text.length && !"\t\r\n".includes(text[end])) end += 1;
  return [text.slice(start, end), end];
}

/** The rows of a block, each as long as the longest. A line end behind the last row begins no further one. */
export function parseBlock(text) {
  const rows = [[]];
  let at = 0;
  while (at < text.length) {
    const [field, end] = (text[at] === '"' && quoted(text, at)) || plain(text, at);
    rows.at(-1).push(field);
    at = end;
    if (at >= text.length) break;
    if (text[at] === "\t") {
      at += 1;
      if (at === text.length || "\r\n".includes(text[at])) {
        rows.at(-1).push("");
        at = endLine(text, at, rows);
      }
    } else at = endLine(text, at, rows);
  }
  if (rows.length > 1 && rows.at(-1).length === 0) rows.pop();
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
}

/** Steps over a line end, of one or two characters, into a new row. */
function endLine(text, at, rows) {
  if (at >= text.length) return at;
  rows.push([]);
  return at + (text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1);
}

/** A block as text that a spreadsheet reads: plain numbers, quotes only where they are needed. */
export function formatBlock(rows) {
  return rows.map((row) => row.map(formatCell).join("\t")).join("\r\n");
}

function formatCell(shown) {
  const number = /^−?[\d,]+(\.\d+)?$/.test(shown);
  const text = number ? shown.replaceAll(",", "").replace("−", "-") : shown;
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a text is one value; the line end that a spreadsheet puts behind it does not count. */
export function isSingle(text) {
  return !/[\t\r\n]/.test(text.replace(/\r?\n$/, ""));
}

/** A block without blank rows at its end, as far as they reach beyond so many rows: whole columns have many. */
export function withoutBlankEnd(rows, most) {
  let length = rows.length;
  while (length > Math.max(most, 1) && rows[length - 1].every((text) => text.trim() === "")) length -= 1;
  return rows.slice(0, length);
}

/**
 * Whether a block has names or codes in its first row or column, by which the server matches it to the count.
 * `isKnown(text)` says whether a text is the name or code of a body or service line: a word above a single column is a
 * heading only then, and else an amount that cannot be read.
 */
export function isNamed(rows, isKnown = () => false) {
  const words = (text) => /[a-z]{3}|[a-z]\d{3}/i.test(text) && !/^(nan|infinity)$/i.test(text.trim());
  if (rows.length < 2 && rows[0].length < 2) return false;
  if (rows[0].length < 2) return rows.some(([text]) => isKnown(text.trim()));
  const columnOfNames = rows.slice(1).length > 0 && rows.slice(1).every((row) => row[0] === "" || words(row[0]));
  const named = columnOfNames && rows.slice(1).some((row) => words(row[0]));
  const headings = rows.length > 1 && rows[0].some(words) && rows[0].every((text) => text === "" || words(text));
  return named || headings;
}

/** Repeats a block over a selection that is a whole number of it; a selection of any other shape takes it once. */
export function fitted(rows, height, width) {
  const [high, wide] = [rows.length, rows[0].length];
  if (height % high || width % wide) return rows;
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => rows[row % high][column % wide]),
  );
}
