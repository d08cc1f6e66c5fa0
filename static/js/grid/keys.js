// The keyboard of a spreadsheet. Without a text being edited arrows move; F2 edits within the cell.

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const PAGE = 15;

/** Handles one key in a cell; whether it was one of ours. */
export function pressed(event, sheet) {
  const { key, shiftKey, altKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (event.isComposing || altKey) return false;
  if (command) return withCommand(key.toLowerCase(), shiftKey, event, sheet);
  if (key in ARROWS) return arrow(ARROWS[key], shiftKey, sheet);
  if (key === "F2" && shiftKey) return sheet.comment() !== false;
  const plain = {
    Enter: () => sheet.move(shiftKey ? -1 : 1, 0),
    Escape: () => sheet.restore(),
    F2: () => sheet.toggleWithin(),
    Delete: () => sheet.editing === "no" && sheet.clear(),
    PageUp: () => sheet.move(-PAGE, 0),
    PageDown: () => sheet.move(PAGE, 0),
    Home: () => sheet.editing === "no" && sheet.move(0, -Infinity),
    End: () => sheet.editing === "no" && sheet.move(0, Infinity),
  };
  return key in plain && plain[key]() !== false;
}

function arrow([down, right], shiftKey, sheet) {
  if (sheet.editing === "within") return false;
  if (shiftKey) sheet.extend(down, right);
  else sheet.move(down, right);
  return true;
}

function withCommand(key, shiftKey, event, sheet) {
  const isTyping = sheet.editing !== "no";
  const commands = {
    z: () => (isTyping ? sheet.restore() : shiftKey ? sheet.redo() : sheet.undo()),
    y: () => !isTyping && sheet.redo(),
    d: () => !isTyping && sheet.fillDown(),
    a: () => !isTyping && sheet.selectAll(),
    home: () => sheet.move(-Infinity, -Infinity),
    end: () => sheet.move(Infinity, Infinity),
  };
  return key in commands && commands[key]() !== false;
}
