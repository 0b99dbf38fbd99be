// Labelled controls that show a value and say what is wrong with it.

// One control with its label, a hint and the problems at it. `path` is the field's place inside its part.
function field({ label, control, hint = "", path = null, kind = "", hideLabel = false }) {
  control.id ||= freshId("field");
  const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const hinted = hint ? el("p", { class: "hint", id: freshId("hint") }, hint) : null;
  const words = el("label", { for: control.id, class: hideLabel ? "unseen" : "label" }, label);
  const node = el("div", { class: `field ${kind}`.trim() }, words, control, hinted, problem);
  const mark = marker(control, problem, hinted);
  mark([]);
  return { node, control, path, mark };
}

function marker(control, problem, hinted = null) {
  return (messages) => {
    problem.hidden = messages.length === 0;
    setText(
      problem,
      messages.map((each) => (isMissing(each.message) ? "Needed." : problemWords(each))).join(" "),
    );
    const described = [hinted?.id, messages.length ? problem.id : null].filter(Boolean).join(" ");
    if (described) control.setAttribute("aria-describedby", described);
    else control.removeAttribute("aria-describedby");
    if (messages.length && ["INPUT", "TEXTAREA", "SELECT"].includes(control.tagName))
      control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
}

// The schema's word for an empty field, in a reader's.
const isMissing = (message) => /the key '([^']+)' is missing$/.exec(message)?.[1];

function placeInWords(path) {
  const [first, second] = path;
  if (first === "evidence" && Number.isInteger(second)) return `evidence ${second + 1}: `;
  if (first === "deployments" && typeof second === "string")
    return `on ${second}: ${placeInWords(path.slice(2))}`;
  return Number.isInteger(first) ? `row ${first + 1}: ` : "";
}

const problemWords = ({ message: said, hint, path = [] }) => {
  const missing = isMissing(said);
  const message = missing ? `${placeInWords(path)}${plainWord(missing)} is missing` : said;
  const words = message.charAt(0).toUpperCase() + message.slice(1);
  return `${/[.!?]$/.test(words) ? words : `${words}.`}${hint ? ` ${hint.charAt(0).toUpperCase()}${hint.slice(1)}${/[.!?]$/.test(hint) ? "" : "."}` : ""}`;
};

// Problems reach the field whose path they begin with; what no field takes is returned.
function markFields(fields, problems) {
  const left = new Set(problems);
  const taken = new Map();
  for (const problem of problems) {
    const fits = fields.filter(
      ({ path }) => path && path.every((step, index) => String(problem.path[index]) === String(step)),
    );
    const best = fits.sort((one, other) => other.path.length - one.path.length)[0];
    if (!best || (best.exact && best.path.length !== problem.path.length)) continue;
    left.delete(problem);
    taken.set(best, [...(taken.get(best) ?? []), problem]);
  }
  for (const each of fields) each.mark(taken.get(each) ?? []);
  return [...left];
}

function textField({ label, read, write, path, hint, type = "text", kind, attributes = {} }) {
  const input = el("input", {
    type,
    spellcheck: "false",
    autocomplete: "off",
    input: (event) => write(event.target.value.trim()),
    ...attributes,
  });
  const made = field({ label, control: input, hint, path, kind });
  return { ...made, update: () => setValue(input, read()) };
}

function areaField({ label, read, write, path, hint, rows = 2, kind, hideLabel, attributes = {} }) {
  const area = el("textarea", {
    rows,
    input: (event) => {
      grow(event.target);
      write(event.target.value);
    },
    ...attributes,
  });
  const made = field({ label, control: area, hint, path, kind, hideLabel });
  return { ...made, update: () => setValue(area, read()) };
}

function dateField({ label, read, write, path, kind, hint }) {
  const input = el("input", { type: "date", change: (event) => write(event.target.value) });
  const made = field({ label, control: input, path, kind, hint });
  const update = () => {
    setValue(input, read());
    input.classList.toggle("empty", input.value === "");
  };
  return { ...made, update };
}

// choices: [[value, words], …]; a value that is no choice is shown as it is.
function selectField({ label, choices, read, write, path, hint, kind, none = "Choose…", attributes = {} }) {
  const select = el("select", { change: (event) => write(event.target.value), ...attributes });
  const made = field({ label, control: select, hint, path, kind });
  const update = () => {
    const wanted = String(read() ?? "");
    const list = typeof choices === "function" ? choices() : choices;
    const all = [["", none], ...list];
    if (!all.some(([value]) => String(value) === wanted)) all.push([wanted, wanted]);
    const key = JSON.stringify(all);
    if (select.shownChoices !== key) {
      select.shownChoices = key;
      select.replaceChildren(...all.map(([value, words]) => el("option", { value: String(value) }, words)));
    }
    if (select.value !== wanted) select.value = wanted;
  };
  return { ...made, update };
}

// Boxes to tick; the order of what is ticked is that of the choices.
function ticksField({ label, choices, read, write, path, kind = "" }) {
  const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const place = el("div", { class: "ticks" });
  const node = el(
    "fieldset",
    { class: `field plain ${kind}`.trim() },
    el("legend", { class: "label" }, label),
    place,
    problem,
  );
  const boxes = new Map();
  const change = () =>
    write(
      choices()
        .map(([value]) => value)
        .filter((value) => boxes.get(value).checked),
    );
  const update = () => {
    const held = new Set(read() ?? []);
    const key = JSON.stringify(choices());
    if (place.shownChoices !== key) {
      place.shownChoices = key;
      boxes.clear();
      place.replaceChildren(
        ...choices().map(([value, words]) => {
          const box = el("input", { type: "checkbox", value, change });
          boxes.set(value, box);
          return el("label", { class: "tick" }, box, words);
        }),
      );
    }
    for (const [value, box] of boxes) box.checked = held.has(value);
  };
  return { node, control: node, path, update, mark: marker(node, problem) };
}

// A disclosure whose content is made when it is first opened.
function disclosure(words, make, attributes = {}) {
  const summary = el("summary", {}, words);
  const body = el("div", { class: "body" });
  const node = el("details", { class: "more", ...attributes }, summary, body);
  let made = null;
  const update = () => made?.update?.();
  const open = () => {
    if (!made) {
      made = make();
      body.append(...[made.node ?? made].flat());
    }
    update();
    made.opened?.();
  };
  node.addEventListener("toggle", () => node.open && open());
  return { node, summary, update, open: () => ((node.open = true), open()) };
}
