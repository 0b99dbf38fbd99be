// Values in words: levels, states, evidence, parts, and what differs between two contents of a part.

const STATES = [
  ["answered", "Answered", "A value, with at least one piece of evidence."],
  [
    "unknown",
    "Not found",
    "Looked for and not found: say in the finding where you looked. Opens the score; never counts as level 0.",
  ],
  [
    "refused",
    "Refused",
    "The vendor was asked and did not answer by the deadline: say whom you asked and when.",
  ],
  [
    "conflicting",
    "Conflicting",
    "Statements of equal standing contradict each other: each piece of evidence gives its own value.",
  ],
];
const STATE_NAME = {
  ...Object.fromEntries(STATES.map(([id, name]) => [id, name])),
  unanswered: "Unanswered",
};
const GATE_MARK = { pass: "✓", open: "?", fail: "✕", waived: "~", "not-applicable": "–" };

const plainWord = (id) => String(id ?? "").replace(/[_-]/g, " ");
const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const outOf100 = (share) => (share === null || share === undefined ? "–" : String(Math.round(share * 100)));

function shortened(text, length) {
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

function className(form, id) {
  const found = form.instrument.classes.find((each) => each.id === id);
  return found?.name ?? plainWord(id);
}

function valueInWords(question, value) {
  if (isNothing(value)) return "none";
  if (question.kind === "scale") {
    const level = question.levels.find((each) => each.level === value);
    return level ? `${level.level} ${level.label}` : String(value);
  }
  if (question.kind === "number") {
    return typeof value === "number" ? `${value} ${question.unit}` : plainWord(value);
  }
  if (Array.isArray(value)) return value.map(plainWord).join(", ") || "none";
  if (typeof value !== "object") return String(value);
  const lists = Object.entries(value).map(([name, held]) =>
    Array.isArray(held)
      ? `${plainWord(name)}: ${held.join(", ") || "none"}`
      : `${plainWord(name)}: ${held ? "yes" : "no"}`,
  );
  return lists.join("; ");
}

function statementInWords(question, statement) {
  const state = stateOf(statement);
  if (state === "answered" && !isNothing(statement.value)) {
    const words = valueInWords(question, statement.value);
    return question.kind === "scale" ? `level ${words.replace(" ", ", ")}` : words;
  }
  return STATE_NAME[state]?.toLowerCase() ?? state;
}

function sourceTitle(form, key) {
  return form.store.content(`sources/${key}`)?.title ?? key ?? "no source";
}

function evidenceInWords(form, question, item) {
  const own = isNothing(item.value) ? "" : ` says ${valueInWords(question, item.value)}`;
  const rest = Object.entries(item)
    .filter(([name]) => !["class", "source", "locator", "value"].includes(name))
    .map(([name, held]) => `${plainWord(name)} ${Array.isArray(held) ? held.join(", ") : held}`);
  const where = [item.locator, ...rest].filter(Boolean).join("; ");
  return `${className(form, item.class) || "no class"}: ${sourceTitle(form, item.source)}${where ? ` (${where})` : ""}${own}`;
}

function statementRows(form, question, statement, prefix) {
  const rows = [
    ["State", STATE_NAME[stateOf(statement)] ?? stateOf(statement)],
    [question.kind === "scale" ? "Level" : "Value", valueInWords(question, statement.value)],
    ["Finding", statement.finding ?? ""],
    ["Also", statement.also ?? ""],
    ["Evidence", (statement.evidence ?? []).map((item) => evidenceInWords(form, question, item)).join("\n")],
    ["Signed off", statement.reviewed ? `${statement.reviewed.by}, ${statement.reviewed.on}` : ""],
    ["Comments", (statement.comments ?? []).map((each) => `${each.by}: ${each.text}`).join("\n")],
  ];
  return rows.map(([name, words]) => [prefix ? `${prefix}: ${name.toLowerCase()}` : name, words]);
}

function plainRows(content, prefix = "") {
  if (isNothing(content)) return [];
  if (typeof content !== "object") return [[prefix || "Value", String(content)]];
  if (Array.isArray(content) && content.every((each) => typeof each !== "object")) {
    return [[prefix || "Value", content.map(plainWord).join(", ")]];
  }
  return Object.entries(content).flatMap(([name, held]) => {
    const key = Array.isArray(content) ? (held?.id ?? String(Number(name) + 1)) : plainWord(name);
    return plainRows(held, prefix ? `${prefix}: ${key}` : key);
  });
}

// What a part says, row by row: [name, words].
function partInWords(form, part, content) {
  const question = form.questions.get(part.replace(/^answers\//, ""));
  if (!question || !part.startsWith("answers/")) return plainRows(content);
  const general = statementRows(form, question, content ?? {}, "");
  const own = Object.entries(content?.deployments ?? {}).flatMap(([id, statement]) =>
    statementRows(form, question, statement, form.deploymentName(id)),
  );
  return [...general, ...own];
}

// Rows in which two contents differ: [name, words of the one, words of the other].
function differences(form, part, one, other) {
  const before = new Map(partInWords(form, part, one));
  const after = new Map(partInWords(form, part, other));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => [name, before.get(name) ?? "", after.get(name) ?? ""])
    .filter(([, was, is]) => was !== is);
}

function partName(form, part) {
  if (part.startsWith("answers/")) return part.slice(8);
  if (part.startsWith("sources/")) return `source ${sourceTitle(form, part.slice(8))}`;
  return { product: "product facts", prepared: "who prepared it", deployments: "deployments" }[part] ?? part;
}

// The time of day of an ISO time, with the day where it is another one.
function when(iso) {
  if (!iso) return "";
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
