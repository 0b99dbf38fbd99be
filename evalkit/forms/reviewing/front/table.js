// The table: its rows in order, one of which the keyboard stands on.

class ReviewTable {
  constructor(review) {
    this.review = review;
    this.rows = new Map();
    this.current = null;
    this.caption = el("caption", {});
    this.all = el("input", { type: "checkbox", "aria-label": "Select all rows shown that you can sign off", change: () => review.selectAll(this.all.checked) });
    this.heads = new Map();
    const head = (id, kind = "") => {
      const node = el("th", { scope: "col", class: kind }, button(ORDERS[id].words, () => review.filters.sortBy(id), { class: "sort" }));
      this.heads.set(id, node);
      return node;
    };
    const columns = [el("td", { class: "select" }, this.all), head("evidence"), head("question"), el("th", { scope: "col" }, "Answer"),
      el("th", { scope: "col" }, "Look at"), head("weight", "num"), head("review")];
    this.body = el("tbody", {});
    this.node = el("table", { class: "rows" }, this.caption, el("thead", {}, el("tr", {}, columns)), this.body);
    this.body.addEventListener("keydown", (event) => this._key(event));
    this.body.addEventListener("focusin", (event) => {
      const row = event.target.closest("tr.row");
      if (row) this.stand(row.dataset.row);
    });
  }

  of(row) {
    if (!this.rows.has(row.id)) this.rows.set(row.id, new TableRow(this.review, row));
    return this.rows.get(row.id);
  }

  isOpen(id) {
    return this.rows.get(id)?.isOpen ?? false;
  }

  clear() {
    this.rows.clear();
    this.body.replaceChildren();
    this.current = null;
  }

  // A row that is open stays, whatever the filters say: somebody reads it.
  update(shown, caption) {
    setText(this.caption, caption);
    const nodes = shown.flatMap((row) => {
      const it = this.of(row);
      if (it.row !== row) it.update(row);
      it.box.checked = this.review.selected.has(row.id);
      return it.nodes;
    });
    const isSame = nodes.length === this.body.children.length && nodes.every((node, place) => this.body.children[place] === node);
    if (!isSame) {
      const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
      this.body.replaceChildren(...nodes);
      if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    }
    this.shown = shown.map((row) => row.id);
    if (!this.shown.includes(this.current)) this.stand(this.shown[0] ?? null);
    for (const [id, node] of this.heads) {
      const { order, direction } = this.review.filters;
      if (id === order) node.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      else node.removeAttribute("aria-sort");
    }
    const able = shown.filter((row) => row.may_be_signed);
    const chosen = able.filter((row) => this.review.selected.has(row.id)).length;
    this.all.disabled = able.length === 0;
    this.all.checked = able.length > 0 && chosen === able.length;
    this.all.indeterminate = chosen > 0 && chosen < able.length;
  }

  // Tab reaches one row: the one that the keyboard stands on.
  stand(id) {
    const set = (row, index) => row && (row.button.tabIndex = row.box.tabIndex = index);
    if (id !== this.current) set(this.rows.get(this.current), -1);
    set(this.rows.get(id), 0);
    this.current = id;
  }

  focus(id) {
    const row = this.rows.get(id);
    if (!row?.node.isConnected) return false;
    this.stand(id);
    row.button.focus();
    row.node.scrollIntoView({ block: "nearest" });
    return true;
  }

  // The row shown after this one that fits; from the beginning if there is none.
  next(id, fits) {
    const from = this.shown.indexOf(id) + 1;
    return [...this.shown.slice(from), ...this.shown.slice(0, from)].find((each) => each !== id && fits(each));
  }

  _key(event) {
    const row = event.target.closest("tr")?.dataset.row;
    if (event.key === "Escape") return this._leave(event);
    if (!row || isText(event.target) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
    const at = this.shown.indexOf(row);
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: this.shown.length - 1 }[event.key];
    if (to !== undefined) this.focus(this.shown[Math.max(0, Math.min(this.shown.length - 1, to))]);
    else if (event.key === "x") this.review.select(row, !this.review.selected.has(row));
    else if (event.key === "n") this.review.goOn(row);
    else if (event.key === "/") this.review.filters.field.focus();
    else if (event.key === "o") this.review.observed.open();
    else return undefined;
    event.preventDefault();
    return undefined;
  }

  _leave(event) {
    const id = event.target.closest("tr.detail")?.previousElementSibling?.dataset.row ?? event.target.closest("tr.row")?.dataset.row;
    if (!id || !this.isOpen(id)) return;
    event.preventDefault();
    if (this.rows.get(id).detail.isEmpty()) this.review.toggle(id);
    this.focus(id);
  }
}
