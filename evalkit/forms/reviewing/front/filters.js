// Which rows are shown, and in which order.

const FILTERS = [
  ["review", "Needs review", "Not signed off, or changed since"],
  ["changed", "Changed since", "Signed off once, and another statement now"],
  ["stale", "Expired", "The evidence that governs has expired"],
  ["disagreeing", "Disagreeing", "Conflicting answers and evidence that disagrees"],
  ["gates", "Gates", "Questions on which a gate stands"],
  ["overrides", "Own answers", "Where a deployment differs from the general answer"],
  ["observed", "Observed", "Something was seen that bears on it, in a package or in a run"],
  ["commented", "Commented", "Somebody left a comment"],
  ["unfinished", "Unfinished", "Drafts, and what breaks a rule"],
  ["not-mine", "Not mine", "Without what you answered: you cannot sign that off"],
];

const ORDERS = {
  evidence: { words: "Evidence", of: () => 0, first: 1 },
  question: { words: "Question", of: (row) => row.place, first: 1 },
  weight: { words: "Weight", of: (row) => row.weight, first: -1 },
  review: { words: "Review", of: (row) => `${row.status === "signed" ? 2 : row.status === "open" ? 1 : 0}${row.reviewed_on}`, first: 1 },
};

class Filters {
  constructor(changed) {
    this.pressed = new Set(["review"]);
    this.search = "";
    this.order = "evidence";
    this.direction = 1;
    this.changed = changed;
    this.buttons = new Map();
    const one = ([id, words, title]) => {
      const count = el("span", { class: "count" });
      const node = button([words, " ", count], () => this.toggle(id), { class: "filter", title, "aria-pressed": "false" });
      this.buttons.set(id, { node, count });
      return node;
    };
    const field = el("input", { type: "search", id: freshId("search"), placeholder: "Find id, word, deployment, person", input: () => this.find(field.value) });
    field.addEventListener("keydown", (event) => event.key === "Escape" && field.value && (event.stopPropagation(), (field.value = ""), this.find("")));
    const order = el("select", { id: freshId("order"), change: () => this.sortBy(order.value) },
      Object.entries(ORDERS).map(([id, { words }]) => el("option", { value: id }, words)));
    this.field = field;
    this.select = order;
    this.node = el("div", { class: "filters" },
      el("div", { class: "presses", role: "group", "aria-label": "Show only" }, FILTERS.map(one)),
      el("div", { class: "find" }, el("label", { for: field.id, class: "unseen" }, "Search"), field),
      el("div", { class: "order" }, el("label", { for: order.id }, "Order"), order));
  }

  toggle(id) {
    if (!this.pressed.delete(id)) this.pressed.add(id);
    this.changed();
  }

  showAll() {
    this.pressed.clear();
    this.search = this.field.value = "";
    this.changed();
  }

  find(words) {
    this.search = words.trim().toLowerCase();
    this.changed();
  }

  sortBy(id) {
    this.direction = this.order === id ? -this.direction : ORDERS[id].first;
    this.order = id;
    this.select.value = id;
    this.changed();
  }

  // Rows as they come are the weakest evidence first; sorting keeps that among equals.
  sorted(rows) {
    const { of } = ORDERS[this.order];
    if (this.order === "evidence") return this.direction === 1 ? rows : [...rows].reverse();
    const compare = (one, other) => (of(one) < of(other) ? -1 : of(one) > of(other) ? 1 : 0);
    return [...rows].sort((one, other) => this.direction * compare(one, other));
  }

  shows(row) {
    return this._found(row) && [...this.pressed].every((id) => row.flags.includes(id));
  }

  update(rows) {
    const found = rows.filter((row) => this._found(row));
    for (const [id, { node, count }] of this.buttons) {
      const others = [...this.pressed].filter((each) => each !== id);
      const number = found.filter((row) => row.flags.includes(id) && others.every((each) => row.flags.includes(each))).length;
      node.setAttribute("aria-pressed", String(this.pressed.has(id)));
      node.classList.toggle("none", number === 0);
      setText(count, String(number));
    }
  }

  _found(row) {
    if (!this.search) return true;
    const { id, title, domain, answer, evidence, answered_by, reviewed_by, changed, note } = row;
    const text = [id, title, domain, answer, evidence, answered_by, reviewed_by, changed, note].join(" ").toLowerCase();
    return this.search.split(/\s+/).every((word) => text.includes(word));
  }
}
