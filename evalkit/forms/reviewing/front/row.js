// One row of the table, and the row below it that holds its detail while it is open.

const COLUMNS = 7;

class TableRow {
  constructor(review, row) {
    this.review = review;
    this.box = el("input", { type: "checkbox", tabIndex: -1, change: () => review.select(row.id, this.box.checked) });
    this.title = el("span", { class: "title" }, row.title);
    this.button = button([el("span", { class: "id" }, row.question), this.title], () => review.toggle(row.id), { class: "open", tabIndex: -1, "aria-expanded": "false" });
    this.place = el("span", { class: "quiet place" });
    this.evidence = el("td", { class: "evidence" });
    this.answer = el("td", { class: "answer" });
    this.marks = el("td", { class: "marks" });
    this.weight = el("td", { class: "num weight" });
    this.state = el("td", { class: "state" });
    this.node = el("tr", {}, el("td", { class: "select" }, this.box), this.evidence,
      el("th", { scope: "row", class: "question" }, this.button, this.place), this.answer, this.marks, this.weight, this.state);
    this.node.dataset.row = row.id;
    this.detail = null;
    this.below = null;
    this.update(row);
  }

  update(row) {
    this.row = row;
    const [head, rest, kind] = reviewOf(row);
    this.node.className = `row c-${row.rank} ${row.status}${isTroubled(row) ? " troubled" : ""}`;
    this.box.disabled = !row.may_be_signed;
    this.box.setAttribute("aria-label", `Select ${nameOf(row)}${row.may_be_signed ? "" : ", cannot be signed off by you now"}`);
    setText(this.place, [row.scope === GENERAL ? "" : `own answer of ${row.scope}`, row.domain].filter(Boolean).join(" · "));
    setChildren(this.evidence, [el("span", { class: `strength c-${row.rank}` }, row.evidence), el("span", { class: "quiet items" }, row.rank ? plural(row.items, "item") : `${row.items || "nothing"} cited`)]);
    setChildren(this.answer, [el("span", {}, row.answer), row.differs ? el("span", { class: "quiet differs" }, row.differs) : ""]);
    setChildren(this.marks, marksOf(row).map(([words, name]) => chip(words, name)));
    setText(this.weight, percent(row.weight));
    const answered = row.answered_by ? `answered by ${row.answered_by}, ${row.answered_on}` : "";
    setChildren(this.state, [el("span", { class: `verdict ${kind}` }, head), rest ? el("span", { class: "rest" }, rest) : "", answered ? el("span", { class: "quiet" }, answered) : ""]);
    this.detail?.update(row);
  }

  get isOpen() {
    return this.detail !== null;
  }

  open() {
    if (this.detail) return;
    this.detail = new Detail(this.review, this.row);
    this.below = el("tr", { class: "detail" }, el("td", { colspan: String(COLUMNS) }, this.detail.node));
    this.button.setAttribute("aria-expanded", "true");
    this.button.setAttribute("aria-controls", this.detail.node.id);
    this.node.classList.add("is-open");
    this.node.after(this.below);
  }

  close() {
    this.below?.remove();
    this.detail = this.below = null;
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-controls");
    this.node.classList.remove("is-open");
  }

  get nodes() {
    return this.below ? [this.node, this.below] : [this.node];
  }
}
