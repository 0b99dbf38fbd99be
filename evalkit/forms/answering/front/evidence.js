// The evidence of one statement: a row per piece, bound to its index, so that nothing is built anew.

function evidenceList(form, question, at) {
  const rows = [];
  const place = el("div", { class: "evidence-rows" });
  const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const addButton = button("Add evidence", () => add({}), { class: "add", "data-key": "add-evidence" });
  const title = el("h4", { class: "label" }, "Evidence");
  const node = el(
    "div",
    { class: "evidence", role: "group", "aria-label": `Evidence for ${question.id}` },
    title,
    place,
    problem,
    el("div", {}, addButton),
  );
  const own = { path: [...at.path, "evidence"], control: node, mark: marker(node, problem), exact: true };

  const items = () => at.statement().evidence ?? [];
  const change = (work, how) =>
    at.change((statement) => {
      statement.evidence ??= [];
      work(statement.evidence);
    }, how);
  const add = (item, index = items().length) => {
    change((list) => list.splice(index, 0, item));
    rows[index]?.focus();
  };
  const remove = (index) => {
    change((list) => list.splice(index, 1));
    (rows[Math.min(index, rows.length - 1)]?.removeButton ?? addButton).focus();
  };
  const copy = (index) => add({ ...clone(items()[index]) }, index + 1);

  const update = () => {
    const count = items().length;
    while (rows.length < count) {
      const row = evidenceRow(form, question, { ...at, index: rows.length, items, change, remove, copy });
      rows.push(row);
      place.append(row.node);
    }
    while (rows.length > count) rows.pop().node.remove();
    for (const row of rows) row.update();
  };
  return {
    node,
    update,
    fields: () => [own, ...rows.flatMap((row) => row.fields())],
    focus: () => (rows[0] ? rows[0].focus() : addButton.focus()),
  };
}

function evidenceRow(form, question, at) {
  const item = () => at.items()[at.index] ?? {};
  const path = [...at.path, "evidence", at.index];
  const write =
    (name) =>
    (value, isTyped = false) =>
      at.change(
        (list) => {
          list[at.index] ??= {};
          list[at.index][name] = value;
        },
        isTyped ? { field: `${path.join(".")}.${name}` } : {},
      );
  const typing = (name) => (value) => write(name)(value, true);
  const number = at.index + 1;

  const grade = selectField({
    label: "Class",
    path: [...path, "class"],
    kind: "class",
    choices: form.instrument.classes.map((each) => [each.id, className(form, each.id)]),
    read: () => item().class,
    write: write("class"),
  });
  const source = selectField({
    label: "Source",
    path: [...path, "source"],
    kind: "source",
    choices: () => [[NEW_SOURCE, "New source…"], ...sourceChoices(form)],
    read: () => item().source,
    write: (value) => (value === NEW_SOURCE ? askForSource() : write("source")(value)),
  });
  const locator = textField({
    label: "Where in it",
    path: [...path, "locator"],
    kind: "locator",
    read: () => item().locator,
    write: typing("locator"),
  });
  const collected = dateField({
    label: "Collected",
    path: [...path, "collected"],
    kind: "date",
    read: () => item().collected,
    write: write("collected"),
  });
  for (const each of [grade, source, locator, collected])
    each.control.setAttribute(
      "aria-label",
      `${each.node.querySelector("label").textContent}, evidence ${number} of ${question.id}`,
    );

  const askForSource = () => {
    source.update();
    const asked = newSourceForm(form, (key) => {
      asked.node.remove();
      if (key) write("source")(key);
      source.control.focus();
    });
    node.append(asked.node);
    asked.focus();
  };

  const about = el("p", { class: "about" });
  const ownValue = ownValueField(form, question, {
    path: [...path, "value"],
    statement: at.statement,
    item,
    write,
  });
  const more = disclosure("More", () => moreOfEvidence(form, { path, item, write, typing }), {
    class: "more small",
  });
  const copyButton = button("Duplicate", () => at.copy(at.index), {
    "aria-label": `Duplicate evidence ${number} of ${question.id}`,
  });
  const removeButton = button("Remove", () => at.remove(at.index), {
    "aria-label": `Remove evidence ${number} of ${question.id}`,
  });
  const node = el(
    "div",
    { class: "evidence-row", role: "group", "aria-label": `Evidence ${number}` },
    el(
      "div",
      { class: "evidence-main" },
      grade.node,
      source.node,
      locator.node,
      collected.node,
      el("div", { class: "row-actions" }, copyButton, removeButton),
    ),
    el("div", { class: "evidence-below" }, about, more.node),
    ownValue.node,
  );

  let moreFields = [];
  const update = () => {
    for (const each of [grade, source, locator, collected, ownValue, more]) each.update();
    moreFields = more.node.evidenceFields ?? [];
    setChildren(about, aboutSource(form, item()));
  };
  const fields = () => [grade, source, locator, collected, ...ownValue.fields(), ...moreFields];
  return { node, update, fields, removeButton, focus: () => grade.control.focus() };
}

function aboutSource(form, item) {
  const source = item.source ? form.store.content(`sources/${item.source}`) : null;
  if (!source) return [];
  const collected = item.collected ? null : source.retrieved && `retrieved ${source.retrieved}`;
  const words = [source.publisher, source.version && shortened(source.version, 70), collected]
    .filter(Boolean)
    .join(" · ");
  const there = link(source.url, "open");
  return [words, ...(there ? [" · ", there] : [])];
}

// A value of its own: shown where it has one or the answer conflicts, else asked for under “More”.
function ownValueField(form, question, { path, statement, item, write }) {
  const slot = el("div", { class: "own-value", hidden: true });
  let made = null;
  const make = () => {
    const get = () => item().value;
    const set = (value, isTyped) => write("value")(value, isTyped);
    if (question.kind === "scale") {
      const choices = question.levels.map((each) => [each.level, `${each.level} · ${each.label}`]);
      const select = selectField({
        label: "This evidence says",
        path,
        none: "Same as the answer",
        choices,
        read: get,
        write: (value) => set(value === "" ? undefined : Number(value)),
      });
      return { node: select.node, update: select.update, fields: [select] };
    }
    const control = valueControl(form, question, { path, get, set, isSmall: true });
    return {
      ...control,
      node: el("div", { class: "field" }, el("p", { class: "label" }, "This evidence says"), control.node),
    };
  };
  const update = () => {
    const isShown = !isNothing(item().value) || stateOf(statement()) === "conflicting" || slot.isAsked;
    slot.hidden = !isShown;
    if (isShown && !made) {
      made = make();
      slot.append(made.node);
    }
    if (isShown) made.update();
  };
  slot.ask = () => {
    slot.isAsked = true;
    update();
    slot.querySelector("select, input, textarea")?.focus();
  };
  return { node: slot, update, fields: () => (made && !slot.hidden ? made.fields : []) };
}

function moreOfEvidence(form, { path, item, write, typing }) {
  const of = (name) => ({ path: [...path, name], read: () => item()[name] });
  const fields = [
    dateField({ label: "Expires", ...of("expires"), write: write("expires") }),
    selectField({
      label: "Method",
      ...of("method"),
      none: "Not stated",
      choices: form.instrument.vocabulary.methods.map((each) => [each, sentence(each)]),
      write: write("method"),
    }),
    textField({ label: "Product version it was about", ...of("version"), write: typing("version") }),
    textField({
      label: "SHA-256 of the kept file",
      kind: "wide",
      ...of("sha256"),
      write: typing("sha256"),
      attributes: { class: "mono" },
    }),
    ticksField({
      label: "Covers only (none ticked: all deployments)",
      kind: "wide",
      ...of("deployments"),
      choices: () => form.deployments().map((each) => [each.id, each.name]),
      write: write("deployments"),
    }),
  ];
  const askValue = button("Give a value of its own", (event) =>
    event.target.closest(".evidence-row").querySelector(".own-value").ask(),
  );
  const node = el(
    "div",
    {},
    el(
      "div",
      { class: "grid" },
      fields.map((each) => each.node),
    ),
    el("div", { class: "actions" }, askValue),
  );
  const update = () => {
    node.closest("details").evidenceFields = fields;
    for (const each of fields) each.update();
  };
  return { node, update };
}
