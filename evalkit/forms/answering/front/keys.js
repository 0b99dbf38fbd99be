// Keys of the form. None of them reaches the notebook, and none acts while somebody types.

const KEYS = [
  ["0 – 4", "Choose that level of the question (again: take it away)"],
  ["j / k", "Next / previous question"],
  ["n", "Next unanswered question"],
  ["u", "Undo"],
  ["Ctrl + Z, Ctrl + Shift + Z", "Undo, redo (outside text fields)"],
  ["/", "Search (Enter goes to the question found)"],
  ["Ctrl + S", "Save now"],
  ["Esc", "Leave a text field; clear the search"],
  ["?", "This help"],
];

// JupyterLab looks for its commands at the element that has the focus, before those around it are asked.
function keepKeysFrom(place) {
  if (place.dataset.keepsKeys) return;
  place.dataset.keepsKeys = "yes";
  place.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
}

function attendKeys(form) {
  const { root } = form;
  for (const kind of ["keydown", "keyup", "keypress"])
    root.addEventListener(kind, (event) => event.stopPropagation());
  root.addEventListener("keydown", (event) => onKey(form, event));
  root.addEventListener("focusin", (event) => {
    const found = event.target.closest(".question")?.dataset.question;
    if (!found || found === form.current) return;
    form.current = found;
    form.lists.outline.update(form.lists.visible);
    keepPlace(form);
  });
}

function onKey(form, event) {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    form.outbox.flush();
    form.outbox.post({ kind: "flush" });
    return;
  }
  if (event.target.closest("dialog")) return;
  // In a list letters choose; nothing in it begins with these.
  const isList = event.target.tagName === "SELECT" && (isCommand || ["/", "?"].includes(event.key));
  const isTyping = isText(event.target) && !isList;
  if (isTyping) {
    if (event.key === "Escape" && event.target.type !== "search" && !event.defaultPrevented)
      event.target.closest(".question")?.focus({ preventScroll: true });
    return;
  }
  if (isCommand && !event.altKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    if (event.shiftKey) form.undo.redo();
    else form.undo.undo();
    return;
  }
  if (isCommand || event.altKey) return;
  if (act(form, event)) event.preventDefault();
}

function act(form, event) {
  switch (event.key) {
    case "j":
      return (form.lists.step(1), true);
    case "k":
      return (form.lists.step(-1), true);
    case "n":
      return (form.lists.nextUnanswered(), true);
    case "u":
      return (form.undo.undo(), true);
    case "/":
      return (form.lists.search.focus(), form.lists.search.select(), true);
    case "?":
      return (form.help(), true);
    default:
      return /^[0-9]$/.test(event.key) && pickLevel(form, event);
  }
}

// In the answer that has the focus; else in that of the chosen option, if it has one of its own.
function pickLevel(form, event) {
  const place = event.target.closest(".question");
  if (!place) return false;
  const view = form.lists.view(place.dataset.question);
  const inside = event.target.closest("[data-scope]")?.dataset.scope;
  const own = ownStatement(form.store.content(place.dataset.part), form.deployment);
  return view.statement(inside ?? (own ? form.deployment : GENERAL)).value.pick?.(Number(event.key)) ?? false;
}

function showHelp(form) {
  const dialog = el(
    "dialog",
    { class: "sheet help", "aria-label": "Keys" },
    el(
      "div",
      { class: "dialog-head" },
      el("h2", {}, "Keys"),
      button("Close", () => dialog.close()),
    ),
    el(
      "table",
      {},
      el(
        "tbody",
        {},
        KEYS.map(([keys, words]) => el("tr", {}, el("th", { scope: "row" }, keys), el("td", {}, words))),
      ),
    ),
    el(
      "p",
      { class: "hint" },
      "Everything is saved by itself: choices at once, text after a moment. An answer that breaks a rule is kept as a draft and does not count until it is complete. Scores run from 0 to 100: assured counts only what the evidence carries, potential what is still possible.",
    ),
  );
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.({ preventScroll: true });
  });
  form.root.append(dialog);
  dialog.showModal();
}
