// Sources of the product: to pick one, to write down a new one, to correct one.

const NEW_SOURCE = "\u0000new";

function sourceChoices(form) {
  const list = form.store.sourceKeys().map((key) => {
    const source = form.store.content(`sources/${key}`);
    return [key, shortened(`${source.title ?? key}${source.publisher ? ` – ${source.publisher}` : ""}`, 110)];
  });
  return list.sort(([, one], [, other]) => one.localeCompare(other));
}

// Read today; but evidence from after the evaluation's day breaks a rule, and no other day may be made up.
const dayOfReading = (form) => (form.today <= form.evaluation.as_of ? form.today : undefined);

function sourceFields(form, { read, write, prefix = [] }) {
  const vocabulary = form.instrument.vocabulary;
  const one = (name, label, extra = {}) =>
    textField({
      label,
      path: [...prefix, name],
      read: () => read(name),
      write: (value) => write(name, value),
      ...extra,
    });
  return [
    one("title", "Title", { kind: "double" }),
    one("publisher", "Publisher"),
    one("url", "Address (URL or purl)", { kind: "double" }),
    selectField({
      label: "Kind",
      path: [...prefix, "kind"],
      choices: vocabulary.source_kinds.map((kind) => [kind.id ?? kind, kind.name ?? plainWord(kind)]),
      read: () => read("kind"),
      write: (value) => write("kind", value),
    }),
    one("version", "Version or edition"),
    dateField({
      label: "Retrieved on",
      hint: `The evaluation is of ${form.evaluation.as_of}: what was retrieved later is no evidence in it.`,
      path: [...prefix, "retrieved"],
      read: () => read("retrieved"),
      write: (value) => write("retrieved", value),
    }),
  ];
}

// The form for a source that is not there yet. `done(key)` gets its key, or null if it was given up.
function newSourceForm(form, done) {
  const draft = { retrieved: dayOfReading(form) };
  let key = "";
  const taken = () => new Set(form.store.sourceKeys());
  const write = (name, value) => {
    draft[name] = value;
    if (name === "title" && !keyField.isOwn) {
      key = freeKey(slug(value), taken());
      keyField.update();
    }
  };
  const fields = sourceFields(form, { read: (name) => draft[name], write });
  const keyField = textField({
    label: "Key, by which answers cite it",
    read: () => key,
    path: ["key"],
    write: (value) => {
      key = value;
      keyField.isOwn = value !== "";
    },
  });
  const add = () => {
    const problems = [];
    if (!draft.title) problems.push({ path: ["title"], message: "A source needs a title" });
    if (!draft.publisher) problems.push({ path: ["publisher"], message: "Say who published it" });
    if (!draft.kind) problems.push({ path: ["kind"], message: "Choose what kind of source it is" });
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(key))
      problems.push({ path: ["key"], message: "Letters, digits, dots, hyphens" });
    else if (taken().has(key)) problems.push({ path: ["key"], message: `There is a source ${key} already` });
    markFields([...fields, keyField], problems);
    if (problems.length)
      return [...fields, keyField].find(({ path }) => path[0] === problems[0].path[0]).control.focus();
    form.batch(() => {
      form.put(`sources/${key}`, withoutNothing(draft), { isUndoable: true });
      done(key);
    });
  };
  const node = el(
    "div",
    {
      class: "inline-form",
      role: "group",
      "aria-label": "New source",
      keydown: (event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          done(null);
        } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
          event.preventDefault();
          add();
        }
      },
    },
    el("p", { class: "inline-title" }, "New source"),
    el(
      "div",
      { class: "grid" },
      fields.map((each) => each.node),
      keyField.node,
    ),
    el(
      "div",
      { class: "actions" },
      button("Add source", add, { class: "primary" }),
      button("Cancel", () => done(null)),
    ),
  );
  for (const each of [...fields, keyField]) each.update();
  return { node, focus: () => fields[0].control.focus() };
}

// Which answers cite a source.
function citedBy(form, key) {
  const cites = (statement) => (statement?.evidence ?? []).some((item) => item.source === key);
  return [...form.questions.keys()].filter((id) => {
    const content = form.store.content(`answers/${id}`);
    return cites(content) || Object.values(content?.deployments ?? {}).some(cites);
  });
}
