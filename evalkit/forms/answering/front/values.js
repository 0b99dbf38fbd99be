// Controls for the value of an answer, one per kind of question. Each has a node, fields and an update.

const CONTROLS = { scale: scaleControl, number: numberControl, set: setControl, list: listControl };

// get() and set(value, isTyped) reach the value; `effects()` says what each choice does to a gate.
function valueControl(form, question, at) {
  return CONTROLS[question.kind](form, question, { effects: () => [], ...at });
}

const EFFECT_WORDS = {
  pass: "Passes the gate",
  open: "Leaves the gate open",
  fail: "Fails the gate: excludes this option",
  waived: "The gate is waived",
};

// What each choice does to the gate, inside the choice, before it is made.
function effectMark() {
  const node = el("span", { class: "effect", hidden: true });
  const update = (effects, value) => {
    const found = effects.find((each) => each.value === value);
    node.hidden = !found || found.result === "not-applicable";
    if (node.hidden) return;
    node.className = `effect g-${found.result}`;
    setText(
      node,
      `${GATE_MARK[found.result] ?? ""} ${found.text ?? EFFECT_WORDS[found.result] ?? found.result}`,
    );
  };
  return { node, update };
}

function choice(form, { type, name, value, label, text, click }) {
  const input = el("input", { type, name, value: String(value), click });
  const effect = effectMark();
  const node = el(
    "label",
    { class: "choice", "data-value": String(value) },
    input,
    el(
      "span",
      { class: "choice-text" },
      label ? el("b", {}, label) : null,
      label ? " " : null,
      el("span", {}, text),
      effect.node,
    ),
  );
  return { node, input, value, effect };
}

function choiceGroup(question, at, label, choices) {
  const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const node = el(
    "div",
    { class: `choices ${question.kind}` },
    choices.map((each) => each.node),
  );
  const group = el("div", { role: "group", "aria-label": label }, node, problem);
  return { node: group, list: node, field: { path: at.path, control: group, mark: marker(group, problem) } };
}

function scaleControl(form, question, at) {
  const name = freshId("level");
  const choose = (level) => (event) => {
    if (at.get() === level) {
      event.target.checked = false;
      at.set(undefined);
    } else at.set(level);
  };
  const cards = question.levels.map((each) =>
    choice(form, {
      type: "radio",
      name,
      value: each.level,
      label: `${each.level} · ${each.label}`,
      text: each.text,
      click: choose(each.level),
    }),
  );
  const group = choiceGroup(question, at, `Level of ${question.id}`, cards);
  const update = () => {
    const value = at.get();
    const effects = at.effects();
    for (const card of cards) {
      card.input.checked = card.value === value;
      card.effect.update(effects, card.value);
    }
  };
  const pick = (level) => {
    if (!cards.some((card) => card.value === level)) return false;
    at.set(at.get() === level ? undefined : level);
    return true;
  };
  const focus = () => (cards.find((card) => card.input.checked) ?? cards[0]).input.focus();
  return { node: group.node, fields: [group.field], update, pick, focus };
}

// A decimal point or comma; “1,000” may be a thousand or one, and so is none.
function numberIn(text) {
  if (!/^[+-]?\d+([.,]\d+)?$/.test(text) || /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) return undefined;
  return Number(text.replace(",", "."));
}

function numberControl(form, question, at) {
  const { min, max } = question.limits;
  const name = freshId("number");
  const own = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const input = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    class: "amount",
    "aria-label": `${question.id}: ${question.unit}, from ${min} to ${max}`,
    input: () => read(true),
    focus: () => (radio.checked = radio.checked || isNothing(at.get())),
  });
  const radio = el("input", {
    type: "radio",
    name,
    "aria-label": `A number of ${question.unit}`,
    click: () => (input.focus(), read(false)),
  });
  const read = (isTyped) => {
    const text = input.value.trim();
    const number = numberIn(text);
    const isRight = number !== undefined;
    own.hidden = text === "" || isRight;
    setText(
      own,
      own.hidden
        ? ""
        : `“${text}” is no number: write one from ${min} to ${max}, thousands not set apart, or choose one of the values below.`,
    );
    if (own.hidden) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", own.id);
    radio.checked = true;
    at.set(isRight ? number : undefined, isTyped);
    radio.checked = true;
  };
  const first = el(
    "div",
    { class: "choice amount-choice" },
    radio,
    el(
      "span",
      { class: "choice-text" },
      input,
      el(
        "span",
        { class: "unit" },
        `${question.unit} `,
        el("span", { class: "quiet" }, `(${min} to ${max})`),
      ),
      own,
    ),
  );
  const choose = (value) => (event) => {
    if (at.get() === value) {
      event.target.checked = false;
      at.set(undefined);
    } else at.set(value);
  };
  const specials = question.specials.map((each) =>
    choice(form, {
      type: "radio",
      name,
      value: each.id,
      label: `${sentence(plainWord(each.id))}.`,
      text: each.text,
      click: choose(each.id),
    }),
  );
  const group = choiceGroup(question, at, `Value of ${question.id}`, [{ node: first }, ...specials]);
  if (question.rule && !at.isSmall) group.node.append(el("p", { class: "hint" }, question.rule));
  const update = () => {
    const value = at.get();
    const effects = at.effects();
    if (typeof value === "number" || document.activeElement !== input) {
      if (numberIn(input.value.trim()) !== value)
        setValue(input, typeof value === "number" ? String(value) : "");
      if (typeof value === "number" || input.value === "") own.hidden = true;
    }
    radio.checked = typeof value === "number" || (document.activeElement === input && value === undefined);
    for (const each of specials) {
      each.input.checked = each.value === value;
      each.effect.update(effects, each.value);
    }
  };
  return { node: group.node, fields: [group.field], update, focus: () => input.focus() };
}

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function setControl(form, question, at) {
  const change = () => {
    const ticked = boxes.filter((each) => each.input.checked).map((each) => each.value);
    at.set(ticked.length ? ticked : undefined);
  };
  const click = (option) => (event) => {
    for (const other of boxes) {
      const isOther = other.value !== option.id;
      if (event.target.checked && isOther && (option.exclusive || other.exclusive))
        other.input.checked = false;
    }
    change();
  };
  const boxes = question.options.map((option) => ({
    ...choice(form, {
      type: "checkbox",
      value: option.id,
      label: `${sentence(plainWord(option.id))}.`,
      text: option.exclusive ? `${option.text} Excludes the others.` : option.text,
      click: click(option),
    }),
    exclusive: option.exclusive,
  }));
  const group = choiceGroup(question, at, `What is true for ${question.id}`, boxes);
  if (question.rule && !at.isSmall)
    group.node.append(el("p", { class: "hint" }, `Tick all that is true. ${question.rule}`));
  const update = () => {
    const held = new Set(at.get() ?? []);
    const effects = at.effects();
    for (const box of boxes) {
      box.input.checked = held.has(box.value);
      box.effect.update(effects, box.value);
    }
  };
  return { node: group.node, fields: [group.field], update, focus: () => boxes[0].input.focus() };
}

const FLAGS = new Set(["purposes_given", "none_needed"]);
const hostsIn = (text) =>
  text
    .split(/[\s,;]+/)
    .map((host) => host.trim())
    .filter(Boolean);

function listControl(form, question, at) {
  const value = () => at.get() ?? {};
  const write = (name, held, isTyped) => {
    const next = { documented: [], observed: [], purposes_given: false, ...value(), [name]: held };
    if (
      name !== "documented" &&
      name !== "observed" &&
      (held === false || held?.length === 0) &&
      name !== "purposes_given"
    )
      delete next[name];
    at.set(next, isTyped);
  };
  const parts = question.fields.map(({ id, text }) => {
    const path = [...at.path, id];
    const label = sentence(plainWord(id));
    if (FLAGS.has(id)) {
      const box = el("input", { type: "checkbox", change: (event) => write(id, event.target.checked) });
      const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
      const node = el(
        "div",
        { class: "field" },
        el("label", { class: "tick" }, box, el("span", {}, el("b", {}, `${label}. `), text)),
        problem,
      );
      return {
        node,
        path,
        control: box,
        mark: marker(box, problem),
        update: () => (box.checked = value()[id] === true),
      };
    }
    const area = el("textarea", {
      rows: 2,
      class: "hosts",
      spellcheck: "false",
      input: (event) => (grow(event.target), write(id, hostsIn(event.target.value), true)),
    });
    const made = field({ label: `${label}: one host a line`, control: area, hint: text, path });
    const update = () => {
      const held = value()[id] ?? [];
      if (!same(hostsIn(area.value), held)) setValue(area, held.join("\n"));
    };
    return { ...made, update };
  });
  const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const node = el(
    "div",
    { class: "choices list", role: "group", "aria-label": `Hosts of ${question.id}` },
    parts.map((each) => each.node),
    problem,
  );
  if (question.rule && !at.isSmall) node.append(el("p", { class: "hint" }, question.rule));
  const whole = { path: at.path, control: node, mark: marker(node, problem) };
  return {
    node,
    fields: [...parts, whole],
    update: () => parts.forEach((each) => each.update()),
    focus: () => parts[0].control.focus(),
  };
}
