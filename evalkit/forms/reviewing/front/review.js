// The reviewer's table as a whole: what the kernel says about rows, what the page asks of it.

const PATIENCE = 8000;

class Review {
  constructor(model, root) {
    this.model = model;
    this.client = Math.random().toString(36).slice(2);
    this.rows = new Map();
    this.order = [];
    this.selected = new Set();
    this.waiting = new Map();
    this.seq = 0;
    this.who = "";
    this.about = null;
    this.filters = new Filters(() => this.draw());
    this.table = new ReviewTable(this);
    this.bulk = bulkView(this);
    this.observed = observedView(this);
    this.head = el("div", { class: "head" });
    this.bar = el("span", {});
    this.done = el("b", {});
    this.facts = el("span", { class: "quiet" });
    this.title = el("h3", {});
    this.status = el("p", { class: "status", role: "status" });
    this.actions = el("span", {});
    this.alert = el("div", { class: "alert", role: "alert", hidden: true });
    this.empty = el("p", { class: "empty", hidden: true });
    this.head.append(this.title,
      el("div", { class: "reached" }, el("span", { class: "track", "aria-hidden": "true" }, this.bar), this.done, this.facts));
    const next = button("Next to review", () => this.goOn(this.table.current), { "aria-keyshortcuts": "n" });
    this.node = el("div", { class: "evalkit-review", "data-lm-suppress-shortcuts": "true" },
      this.head, this.observed.node, this.filters.node, this.alert, el("div", { class: "said" }, next, this.status, this.actions), this.bulk.node, this.table.node, this.empty,
      el("p", { class: "quiet keys" }, "Keys on a row: ↑ ↓ or j k move, Enter opens, x selects, n next to review, / search, o what was observed; Ctrl Enter in the note signs off, Esc closes."));
    // JupyterLab looks for its commands at the element that has the focus, before those around it are asked.
    this.node.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
    root.append(this.node);
    this.heard = (message) => this.hear(message);
    model.on("msg:custom", this.heard);
    this.post({ kind: "hello" });
  }

  stop() {
    this.model.off("msg:custom", this.heard);
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
  }

  post(message) {
    this.model.send({ ...message, client: this.client });
  }

  // Ask for something; `told` is called with words about why not, or with "".
  act(message, told) {
    this.seq += 1;
    const { seq } = this;
    const timer = setTimeout(() => told("The kernel does not answer: nothing is known to be saved."), PATIENCE);
    this.waiting.set(seq, { told, timer, message });
    this.post({ ...message, seq });
  }

  hear(message) {
    if (message.client && message.client !== this.client) return;
    const how = { review: "_review", rows: "_changed", observed: "_observed", detail: "_detail", history: "_history", done: "_done", refused: "_refused", unreadable: "_unreadable", readable: "_readable" }[message.kind];
    if (how) this[how](message);
  }

  sign(kind, ids, note, told) {
    const rows = ids.filter((id) => this.rows.has(id)).map((id) => ({ id, base: this.rows.get(id).revision }));
    this.act({ kind, rows, note: note.trim() }, told);
  }

  comment(row, text, told) {
    this.act({ kind: "comment", row, text }, told);
  }

  decide(id, what, reason, value, told) {
    this.act({ kind: "decide", id, what, reason, value }, told);
  }

  toggle(id) {
    const row = this.table.rows.get(id);
    if (row.isOpen) row.close();
    else row.open();
    this.draw();
  }

  select(id, wanted) {
    if (wanted && this.rows.get(id)?.may_be_signed) this.selected.add(id);
    else this.selected.delete(id);
    this.draw();
  }

  selectAll(wanted) {
    this.selected.clear();
    if (wanted) for (const id of this.table.shown) if (this.rows.get(id).may_be_signed) this.selected.add(id);
    this.draw();
  }

  goOn(from) {
    const next = this.table.next(from, (id) => this.rows.get(id).may_be_signed);
    if (next) this.table.focus(next);
    else this.say("Nothing shown here is left for you to review.");
  }

  say(words, ...actions) {
    setText(this.status, words);
    this.actions.replaceChildren(...actions);
  }

  draw() {
    const all = this.order.map((id) => this.rows.get(id));
    this.filters.update(all);
    const shown = this.filters.sorted(all).filter((row) => this.filters.shows(row) || this.table.isOpen(row.id));
    const sortedBy = this.filters.order === "evidence" && this.filters.direction === 1 ? "weakest evidence first" : `by ${ORDERS[this.filters.order].words.toLowerCase()}`;
    this.table.update(shown, `${plural(shown.length, "statement")} of ${all.length}, ${sortedBy}`);
    this.bulk.update();
    this._count(all);
    this.table.node.hidden = shown.length === 0;
    this.empty.hidden = shown.length > 0;
    if (!shown.length) this.empty.replaceChildren(this.filters.pressed.has("review") && !this.filters.search ? "Nothing here is left to review. " : "No statement is like that. ", button("Show all statements", () => this.filters.showAll(), { class: "link" }));
  }

  _count(all) {
    const there = all.filter((row) => row.status !== "empty");
    const signed = there.filter((row) => row.status === "signed").length;
    const changed = there.filter((row) => row.status === "changed").length;
    const answered = new Set(there.map((row) => row.question)).size;
    this.bar.style.width = `${there.length ? (100 * signed) / there.length : 0}%`;
    setText(this.done, `Signed off ${signed} of ${there.length}`);
    const facts = [changed ? `${changed} changed since` : "", this.about.asked > answered ? plural(this.about.asked - answered, "question has no answer", "questions have no answer") : "", `you review as ${this.who}`];
    setText(this.facts, facts.filter(Boolean).join(" · "));
  }

  _review(message) {
    if (!this.about || this.about.file !== message.file) {
      this.table.clear();
      this.selected.clear();
      this.observed.clear();
      this.say("");
    }
    this.about = message;
    this.who = message.who;
    setText(this.title, `${message.title} ${message.version}`);
    this._take(message.rows, message.rows.map((row) => row.id));
    this._observed(message);
  }

  _observed({ observed, observed_problem }) {
    this.observed.update(observed, observed_problem);
  }

  _changed({ rows, order }) {
    if (this.about) this._take(rows, order);
  }

  _take(rows, order) {
    for (const row of rows) this.rows.set(row.id, row);
    const there = new Set(order);
    for (const id of [...this.rows.keys()]) if (!there.has(id)) this.rows.delete(id);
    for (const id of [...this.selected]) if (!this.rows.get(id)?.may_be_signed) this.selected.delete(id);
    this.order = order;
    for (const id of [...this.table.rows.keys()]) if (!there.has(id)) this.table.rows.delete(id);
    this.draw();
  }

  _detail(message) {
    this.table.rows.get(message.row)?.detail?.show(message);
  }

  _history({ row, entries }) {
    this.table.rows.get(row)?.detail?.past.show(entries);
  }

  _answered(seq, words) {
    const asked = this.waiting.get(seq);
    if (!asked) return null;
    clearTimeout(asked.timer);
    this.waiting.delete(seq);
    asked.told(words);
    return asked.message;
  }

  _refused({ seq, message }) {
    if (!this._answered(seq, message)) this.say(message);
  }

  _done({ seq, what, rows, refused, at, id, told }) {
    if (what === "decide") {
      this._answered(seq, "");
      this.say(`Observation ${id.slice(0, 8)} ${told}, at ${at}.`);
      this.observed.goOn();
      return;
    }
    const named = (id) => (this.rows.has(id) ? nameOf(this.rows.get(id)) : id);
    const reasons = refused.map(({ id, message }) => `${named(id)}: ${message}`);
    this._answered(seq, reasons.join(" "));
    if (what === "comment" || !rows.length) return;
    if (what === "unsign") {
      this.say(`Sign-off taken back: ${rows.map(named).join(", ")}.`);
      return;
    }
    const left = [...this.rows.values()].filter((row) => row.flags.includes("review")).length;
    const names = rows.length > 3 ? plural(rows.length, "statement") : rows.map(named).join(", ");
    const back = button("Take back", () => (this.say("…"), this.sign("unsign", rows, "", (words) => words && this.say(words))), { class: "link" });
    const focused = document.activeElement;
    const isHere = !focused || focused === document.body || this.node.contains(focused);
    const next = this.table.next(rows.at(-1), (id) => !rows.includes(id) && (this.rows.get(id)?.may_be_signed ?? false));
    for (const id of rows) this.table.rows.get(id)?.close();
    this.draw();
    this.say(`${names} signed off at ${at}. ${left} to go.`, back);
    if (isHere && !reasons.length && !(next && this.table.focus(next))) this.table.focus(this.table.shown[0]);
  }

  _unreadable({ problems }) {
    this.alert.hidden = false;
    this.alert.replaceChildren(el("b", {}, "The answers file cannot be read at the moment; what is shown is older."), el("ul", {}, problems.map((words) => el("li", {}, words))));
  }

  _readable() {
    this.alert.hidden = true;
    this.alert.replaceChildren();
  }
}

function render({ model, el: place }) {
  const review = new Review(model, place);
  return () => review.stop();
}

export default { render };
