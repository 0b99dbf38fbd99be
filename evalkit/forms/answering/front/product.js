// The cover sheet: facts of the product, who prepared the answers, deployments, sources.

function productPanel(form) {
  const sections = [
    section("Product", "product", productFields(form), form),
    section("Prepared", "prepared", preparedFields(form), form),
    deploymentsSection(form),
    sourcesSection(form),
  ];
  const start = button("Start a new product…", () => newProduct(form), { class: "start" });
  const node = el(
    "div",
    { class: "cover" },
    el("div", { class: "cover-head" }, el("h2", {}, "Product"), start),
    sections.map((each) => each.node),
  );
  return { node, update: () => sections.forEach((each) => each.update()) };
}

function section(title, part, fields, form) {
  const conflict = conflictBar(form, part);
  const notice = el("div", { class: "notice", hidden: true });
  const note = el("p", { class: "outside", hidden: true });
  const node = el(
    "section",
    { class: "card", "data-part": part, "aria-label": title, tabindex: "-1" },
    el("h3", {}, title),
    note,
    notice,
    conflict.node,
    el(
      "div",
      { class: "grid" },
      fields.map((each) => each.node),
    ),
  );
  const update = () => {
    for (const each of fields) each.update();
    conflict.update();
    showNote(form, part, note);
    const problems = form.store.problems(part);
    showNotice(form, part, notice, problems, markFields(fields, problems));
  };
  return { node, update };
}

// Reads and writes one field of a part that is a record.
function partAccess(form, part) {
  const read = (name) => form.store.content(part)?.[name];
  const write = (name, value, isTyped = true) =>
    form.edit(part, (content) => (content[name] = value), isTyped ? { field: `${part}.${name}` } : {});
  return { read, write };
}

function factFields(form, { read, write }, prefix = []) {
  const vocabulary = form.instrument.vocabulary;
  const one = (name, label) =>
    textField({
      label,
      path: [...prefix, name],
      read: () => read(name),
      write: (value) => write(name, value),
    });
  const ticks = (name, label) =>
    ticksField({
      label,
      kind: "wide",
      path: [...prefix, name],
      choices: () => vocabulary[name].map((id) => [id, plainWord(id)]),
      read: () => read(name),
      write: (value) => write(name, value, false),
    });
  return [
    one("name", "Name"),
    one("vendor", "Vendor"),
    one("version", "Version"),
    selectField({
      label: "Licence",
      path: [...prefix, "licence"],
      choices: vocabulary.licence.map((id) => [id, plainWord(id)]),
      read: () => read("licence"),
      write: (value) => write("licence", value, false),
    }),
    ticks("operating_systems", "Operating systems"),
    ticks("features", "Features"),
  ];
}

const productFields = (form) => factFields(form, partAccess(form, "product"));

function preparedFields(form, { read, write } = partAccess(form, "prepared"), prefix = []) {
  return [
    textField({
      label: "By",
      path: [...prefix, "by"],
      read: () => read("by"),
      write: (value) => write("by", value),
    }),
    dateField({
      label: "On",
      path: [...prefix, "on"],
      read: () => read("on"),
      write: (value) => write("on", value, false),
    }),
    areaField({
      label: "Basis",
      kind: "wide",
      path: [...prefix, "basis"],
      read: () => read("basis"),
      write: (value) => write("basis", value),
      hint: "What the answers rest on, and what was not looked at.",
    }),
  ];
}

// Rows of deployments; `access` has list() and change(work, how).
function deploymentRows(form, access, prefix = []) {
  const rows = [];
  const place = el("div", { class: "rows" });
  const add = button(
    "Add deployment",
    () => {
      access.change((list) => list.push({ id: "", name: "", route: "", surface: "", plan: "" }));
      rows.at(-1).focus();
    },
    { class: "add" },
  );
  const remove = (index) => {
    access.change((list) => list.splice(index, 1));
    (rows[Math.min(index, rows.length - 1)]?.removeButton ?? add).focus();
  };
  const update = () => {
    const count = access.list().length;
    while (rows.length < count) {
      const row = deploymentRow(form, access, rows.length, prefix, remove);
      rows.push(row);
      place.append(row.node);
    }
    while (rows.length > count) rows.pop().node.remove();
    for (const row of rows) row.update();
  };
  return {
    node: el("div", { class: "deployments" }, place, add),
    update,
    fields: () => rows.flatMap((row) => row.fields),
  };
}

function deploymentRow(form, access, index, prefix, remove) {
  const vocabulary = form.instrument.vocabulary;
  const item = () => access.list()[index] ?? {};
  const write = (name, isTyped) => (value) =>
    access.change(
      (list) => {
        list[index][name] = value;
        if (name === "name" && !access.isFixed(list[index].id) && !list[index].ownId)
          list[index].id = slug(value);
      },
      isTyped ? { field: `deployments.${index}.${name}` } : {},
    );
  const text = (name, label, kind) =>
    textField({
      label,
      kind,
      path: [...prefix, index, name],
      read: () => item()[name],
      write: write(name, true),
    });
  const one = (name, label, choices) =>
    selectField({
      label,
      path: [...prefix, index, name],
      choices: choices.map((id) => [id, plainWord(id)]),
      read: () => item()[name],
      write: write(name, false),
    });
  const id = text("id", "Id");
  const fields = [
    text("name", "Name", "name"),
    id,
    one("route", "Route", vocabulary.routes),
    one("surface", "Surface", vocabulary.surfaces),
    one("plan", "Plan", vocabulary.plan_type),
    text("client", "Client (if several)"),
  ];
  const removeButton = button("Remove", () => remove(index), {
    "aria-label": `Remove deployment ${index + 1}`,
  });
  const node = el(
    "div",
    { class: "deployment-row", role: "group", "aria-label": `Deployment ${index + 1}` },
    fields.map((each) => each.node),
    el("div", { class: "row-actions" }, removeButton),
  );
  const update = () => {
    for (const each of fields) each.update();
    id.control.readOnly = access.isFixed(item().id);
    removeButton.disabled = access.list().length < 2;
  };
  return { node, update, fields, removeButton, focus: () => fields[0].control.focus() };
}

function deploymentsSection(form) {
  const part = "deployments";
  const list = () => form.store.content(part) ?? [];
  const access = {
    list,
    change: (work, how = {}) => form.edit(part, (content) => work(content), { fallback: [], ...how }),
    isFixed: (id) => (form.store.acknowledged(part) ?? []).some((each) => each.id === id && id !== ""),
  };
  const rows = deploymentRows(form, access);
  const shown = section(
    "Deployments",
    part,
    [{ node: rows.node, update: rows.update, path: null, mark: () => {} }],
    form,
  );
  const notice = shown.node.querySelector(".notice");
  shown.node.querySelector(".grid").className = "stack";
  const update = () => {
    shown.update();
    const problems = form.store.problems(part);
    showNotice(form, part, notice, problems, markFields(rows.fields(), problems));
  };
  return { node: shown.node, update };
}

function sourcesSection(form) {
  const rows = new Map();
  const place = el("div", { class: "source-rows" });
  const count = el("span", { class: "quiet" });
  const slot = el("div", {});
  const add = button(
    "New source",
    () => {
      const asked = newSourceForm(form, (key) => {
        asked.node.remove();
        add.focus();
        if (key) rows.get(key)?.node.scrollIntoView({ block: "nearest" });
      });
      slot.replaceChildren(asked.node);
      asked.focus();
    },
    { class: "add" },
  );
  const node = el(
    "section",
    { class: "card", "aria-label": "Sources" },
    el("h3", {}, "Sources ", count),
    place,
    slot,
    add,
  );
  const update = () => {
    const keys = form.store.sourceKeys().sort();
    setText(count, String(keys.length));
    for (const [key, row] of rows) if (!keys.includes(key)) (row.node.remove(), rows.delete(key));
    keys.forEach((key, index) => {
      if (!rows.has(key)) rows.set(key, sourceRow(form, key));
      const row = rows.get(key);
      if (place.children[index] !== row.node) place.insertBefore(row.node, place.children[index] ?? null);
      row.update();
    });
  };
  return { node, update };
}

function sourceRow(form, key) {
  const part = `sources/${key}`;
  const title = el("span", { class: "source-title" });
  const about = el("span", { class: "quiet" });
  const conflict = conflictBar(form, part);
  const row = disclosure([title, " ", about], () => sourceEditor(form, key), { class: "source-row" });
  row.node.dataset.part = part;
  row.node.tabIndex = -1;
  row.node.after(conflict.node);
  const node = el("div", {}, row.node, conflict.node);
  const update = () => {
    const source = form.store.content(part) ?? {};
    setText(title, source.title ?? key);
    const words = [
      source.publisher,
      form.store.isDraft(part) ? "draft" : "",
      form.store.problems(part).map(problemWords).join(" "),
    ].filter(Boolean);
    setText(about, words.join(" · "));
    conflict.update();
    row.update();
  };
  return { node, update };
}

function sourceEditor(form, key) {
  const part = `sources/${key}`;
  const { read, write } = partAccess(form, part);
  const fields = sourceFields(form, { read, write });
  const cited = el("p", { class: "hint" });
  const there = el("p", {});
  const remove = button("Remove this source", () => {
    const row = node.closest(".source-rows");
    form.edit(part, () => null);
    row?.querySelector("summary")?.focus();
  });
  const node = el(
    "div",
    {},
    el(
      "div",
      { class: "grid" },
      fields.map((each) => each.node),
    ),
    there,
    cited,
    el("div", { class: "actions" }, remove),
  );
  const update = () => {
    for (const each of fields) each.update();
    markFields(fields, form.store.problems(part));
    const by = citedBy(form, key);
    setText(
      cited,
      by.length
        ? `Key ${key}. Cited by ${by.join(", ")}: it cannot be removed before they cite another.`
        : `Key ${key}. Cited by no answer.`,
    );
    remove.disabled = by.length > 0;
    setChildren(there, [link(read("url"), "Open the source") ?? ""]);
  };
  return { node, update };
}
