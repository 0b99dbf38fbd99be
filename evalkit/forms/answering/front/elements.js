// Elements, ids and focus. Text of vendors enters the page as textContent and as value, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "textContent",
  "open",
  "tabIndex",
  "indeterminate",
]);

function assign(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (PROPERTIES.has(name)) node[name] = value ?? "";
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  return node;
}

// el("button", { class: "quiet", click: () => … }, "Undo"): functions are listeners.
function el(tag, attributes = {}, ...children) {
  const node = assign(document.createElement(tag), attributes);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  assign(drawing, { viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" });
  drawing.append(assign(document.createElementNS(SVG, "path"), { d: path }));
  return drawing;
}

const button = (words, click, attributes = {}) =>
  el("button", { type: "button", click, ...attributes }, words);
// A button that cannot be pressed now keeps the focus that it has.
function enable(control, isEnabled) {
  control.setAttribute("aria-disabled", String(!isEnabled));
}

const unseen = (words) => el("span", { class: "unseen" }, words);
const chip = (words, kind = "") => el("span", { class: `chip ${kind}`.trim() }, words);

function setText(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

// Children are exchanged only where the words differ, so that a reader's place and a focus are kept.
function setChildren(node, children) {
  const key = children.map((child) => child.outerHTML ?? child).join(" ");
  if (node.shownChildren === key) return;
  node.shownChildren = key;
  node.replaceChildren(...children);
}

// A field that somebody types in is not written to for a blank at its end.
function setValue(control, wanted) {
  const value = wanted ?? "";
  if (control.value === value) return;
  if (control === document.activeElement && control.value.trim() === value.trim()) return;
  const { selectionStart, selectionEnd } = control.tagName === "TEXTAREA" ? control : {};
  control.value = value;
  if (control === document.activeElement && selectionStart !== undefined) {
    control.setSelectionRange(selectionStart, selectionEnd);
  }
  grow(control);
}

const GROWS = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

function grow(control) {
  if (GROWS || control.tagName !== "TEXTAREA") return;
  control.style.height = "auto";
  control.style.height = `${control.scrollHeight + 2}px`;
}

function isText(node) {
  if (!node || !node.tagName) return false;
  if (node.tagName === "TEXTAREA" || node.tagName === "SELECT" || node.isContentEditable) return true;
  return node.tagName === "INPUT" && !["radio", "checkbox", "button"].includes(node.type);
}

// The page below the bar, not under it.
function bringIntoView(form, node, block = "start") {
  const gentle = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  form.root.style.setProperty("--bar-height", `${form.bar.node.offsetHeight}px`);
  node.scrollIntoView({ block, behavior: gentle && block === "nearest" ? "smooth" : "instant" });
}

// Work that may wait, in pieces that block nothing.
function whenIdle(work) {
  if (window.requestIdleCallback) return window.requestIdleCallback(work, { timeout: 200 });
  return setTimeout(() => work({ timeRemaining: () => 5 }), 16);
}

// Several forms may be on a page, each from a module of its own.
const OWN = Math.random().toString(36).slice(2, 8);
let lastNumber = 0;
const freshId = (stem) => `evalkit-${stem}-${OWN}-${(lastNumber += 1)}`;

function webAddress(text) {
  return typeof text === "string" && /^https?:\/\/[^\s]+$/i.test(text) ? text : null;
}

function link(address, words) {
  const safe = webAddress(address);
  return safe ? el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, words) : null;
}
