// A draft in this browser, where it allows one. Nothing depends on it: the file is what counts.

const DRAFT = `evalkit-form ${sent.rows[0]?.form ?? ""}`;
const SOON = 400;

const storage = (() => {
  try {
    const found = window.localStorage;
    found.setItem("evalkit-form", "");
    found.removeItem("evalkit-form");
    return found;
  } catch {
    return null;
  }
})();

let keepsDraft = storage !== null;
let isChanged = false; // since the last file
let waiting = 0;

function keepDraft() {
  clearTimeout(waiting);
  waiting = 0;
  if (!storage) return;
  const held = {};
  entries.forEach((entry) => {
    const cells = cellsOf(entry);
    if (!isNothing(cells)) cells.forEach((cell, at) => (held[sent.rows[entry.rows[at]].id] = cell));
  });
  try {
    storage.setItem(DRAFT, JSON.stringify({ cells: held, isChanged }));
    keepsDraft = true;
  } catch {
    keepsDraft = false;
  }
}

function keepDraftSoon() {
  if (!waiting) waiting = setTimeout(() => (keepDraft(), tellState()), SOON);
}

function keepDraftNow() {
  if (waiting) keepDraft();
}

function forgetDraft() {
  clearTimeout(waiting);
  waiting = 0;
  try {
    storage?.removeItem(DRAFT);
  } catch {
    keepsDraft = false;
  }
}

// Returns what was kept; null where there is nothing, or nothing that can be used.
function draft() {
  try {
    const found = JSON.parse(storage?.getItem(DRAFT) ?? "null");
    return found && typeof found.cells === "object" && found.cells ? found : null;
  } catch {
    return null;
  }
}

function tellState() {
  if (!isChanged) return;
  if (keepsDraft) tell("Not saved as a file yet. This browser keeps a draft.", "wait");
  else tell("Not saved: this browser keeps no draft. Save as file before you close the page.", "bad");
}
