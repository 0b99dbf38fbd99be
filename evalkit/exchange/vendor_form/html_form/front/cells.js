// What stands in the rows of the form. A control's name is the row's number and the cell's key: "12.answer".
// A cell is a text, "" where nothing is said, as a cell of a workbook would have it.

const sent = JSON.parse(byId("sent").textContent);
const FILLED_IN = ["answer", "explanation", "backing", "link", "day"];
const questions = byId("questions");

const blank = () => Object.fromEntries(FILLED_IN.map((key) => [key, ""]));
const cellsIn = (row) => Object.fromEntries(FILLED_IN.map((key) => [key, textOf(row[key])]));

function textOf(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" ? String(value).replace(/\r\n?/g, "\n") : "";
}

function entryOf(node) {
  const first = Number(node.id.slice(1));
  const rows = [...Array(Number(node.dataset.rows)).keys()].map((at) => first + at);
  const controls = [...node.querySelectorAll("[name]")].map((control) => {
    const [row, key] = control.name.split(".");
    return { control, key, at: Number(row) - first, isAlso: "also" in control.dataset };
  });
  const section = node.closest("section");
  const { question, kind } = node.dataset;
  return { node, rows, controls, section, question, kind, isOdd: false };
}

const entries = [...questions.querySelectorAll(".entry")].map(entryOf);
const entryOfNode = new Map(entries.map((entry) => [entry.node, entry]));
const entryAround = (node) => entryOfNode.get(node.closest(".entry"));

function cellsOf(entry) {
  const cells = entry.rows.map(blank);
  const isTicked = entry.controls.some(({ control }) => control.type === "checkbox" && control.checked);
  for (const { control, key, at } of entry.controls) {
    if (control.type === "checkbox") cells[at][key] = isTicked ? (control.checked ? "yes" : "no") : "";
    else if (control.type === "radio") cells[at][key] = control.checked ? control.value : cells[at][key];
    else if (control.value.trim()) cells[at][key] = control.value;
  }
  return cells;
}

// Returns the keys of what no control could take.
function write(entry, cells) {
  const offered = new Set(entry.controls.map(({ control }) => control.type === "radio" && control.value));
  for (const { control, key, at } of entry.controls) {
    const wanted = cells[at][key];
    if (control.type === "checkbox") control.checked = wanted === "yes";
    else if (control.type === "radio") control.checked = control.value === wanted;
    else {
      control.value = entry.kind === "number" && key === "answer" && offered.has(wanted) ? "" : wanted;
      if (control.selectedIndex === -1) control.selectedIndex = 0;
    }
  }
  const held = cellsOf(entry);
  const isLost = (at, key) => {
    const [wanted, taken] = [cells[at][key].trim(), held[at][key].trim()];
    return wanted !== taken && !(wanted === "no" && taken === "");
  };
  return FILLED_IN.filter((key) => cells.some((_, at) => isLost(at, key)));
}

const isNothing = (cells) => cells.every((cell) => FILLED_IN.every((key) => cell[key].trim() === ""));

// Whether an answer is given that can be read.
function isAnswered(entry) {
  if (entry.isOdd) return false;
  return entry.controls.some(({ control, key, isAlso }) => {
    if (key !== "answer" || isAlso) return false;
    return control.type === "radio" || control.type === "checkbox" ? control.checked : control.value.trim();
  });
}

const everything = () => entries.map(cellsOf);

function documentNow() {
  const cells = new Map(entries.flatMap((entry) => cellsOf(entry).map((cell, at) => [entry.rows[at], cell])));
  return { ...sent, rows: sent.rows.map((row, number) => ({ ...row, ...cells.get(number) })) };
}
