// Which questions are on the page: a domain's, those that a filter lets through, those that a search finds.

class Lists {
  constructor(form) {
    this.form = form;
    this.tab = "product";
    this.filter = "";
    this.query = "";
    this.views = new Map();
    this.visible = [];
    this.reasons = null;
    this.queue = [];
    this.cover = null;
    this.tabs = el("div", {
      class: "tabs",
      role: "tablist",
      "aria-label": "Product and domains",
      keydown: (event) => this._tabKey(event),
    });
    this.chips = el("div", { class: "filters", role: "group", "aria-label": "Filters" });
    this.search = el("input", {
      type: "search",
      class: "search",
      "aria-label": "Search questions, findings and levels",
      placeholder: "Search  /",
      input: () => this._searchSoon(),
    });
    this.search.addEventListener("keydown", (event) => this._searchKey(event));
    this.panel = el("div", { class: "panel", id: freshId("panel"), tabindex: "-1" });
    this.outline = outlineView(form);
    this.node = el(
      "div",
      { class: "below" },
      this.tabs,
      el("div", { class: "finder" }, this.chips, this.search),
      el("div", { class: "columns" }, this.outline.node, this.panel),
    );
  }

  reset() {
    this.views.clear();
    this.cover = null;
    this.reasons = null;
    this.filter = this.query = this.search.value = "";
    this._drawTabs();
    this._drawFilters();
  }

  view(id) {
    if (!this.views.has(id)) this.views.set(id, questionView(this.form, this.form.questions.get(id)));
    return this.views.get(id);
  }

  open(tab) {
    this.tab = tab;
    this.filter = this.query = this.search.value = "";
    this.reasons = null;
    this.show();
    keepPlace(this.form);
  }

  choose(filter) {
    this.query = this.search.value = "";
    this.filter = this.filter === filter ? "" : filter;
    this.reasons = null;
    if (this.filter === "next") {
      this.form.outbox.post({ kind: "next", deployment: this.form.deployment });
      this.wanted = [];
    }
    this.show();
  }

  clear() {
    this.filter = this.query = this.search.value = "";
    this.reasons = null;
    this.show();
  }

  showNext(questions) {
    if (this.filter !== "next") return;
    this.wanted = questions.map((each) => each.question).filter((id) => this.form.questions.has(id));
    this.reasons = new Map(questions.map(({ question, reason }) => [question, reason]));
    this.show();
  }

  // What there is to show now, from the start; views that were made before are taken again.
  show() {
    const { form } = this;
    const isList = Boolean(this.filter || this.query);
    const ids = isList ? this._found() : (form.domains.get(this.tab)?.questions.map((each) => each.id) ?? []);
    this.visible = ids;
    const shown = ids.map((id) => this.view(id));
    if (!isList && this.tab === "product") {
      this.cover ??= productPanel(form);
      this.cover.update();
      this.panel.replaceChildren(this.cover.node);
    } else this.panel.replaceChildren(this._heading(isList, ids.length), ...shown.map((each) => each.node));
    this._label(isList);
    this._build(shown);
    this.update();
  }

  update() {
    const { form } = this;
    for (const id of this.visible) this.view(id).update();
    if (this._isCover()) this.cover.update();
    this.updateAround();
    if (form.current && !this.visible.includes(form.current)) form.current = null;
  }

  updateAround() {
    this._updateTabs();
    this._updateFilters();
    this._updateHeading();
    this.outline.update(this.visible);
  }

  refresh(part) {
    if (part.startsWith("answers/")) {
      const id = part.slice(8);
      if (this.visible.includes(id)) this.view(id).update();
      this.updateAround();
    } else this.update();
  }

  // To a question, wherever it is; `scope` opens the answer of a deployment.
  go(id, scope = null) {
    this._reveal(id);
    const view = this.view(id);
    view.enter();
    bringIntoView(this.form, view.node);
    if (scope && scope !== GENERAL) view.reveal(scope);
  }

  // On the page, with the focus where it is.
  bring(id) {
    this._reveal(id);
    const { node } = this.view(id);
    const { top, bottom } = node.getBoundingClientRect();
    if (bottom < this.form.bar.node.offsetHeight + 40 || top > window.innerHeight - 80)
      bringIntoView(this.form, node);
  }

  step(by) {
    if (!this.visible.length) return;
    const at = this.visible.indexOf(this.form.current);
    const next = at < 0 ? 0 : Math.max(0, Math.min(this.visible.length - 1, at + by));
    this.go(this.visible[next]);
  }

  nextUnanswered() {
    const order = [...this.form.questions.keys()];
    const from = order.indexOf(this.form.current ?? this.visible[0]);
    const found = [...order.slice(from + 1), ...order.slice(0, from + 1)].find((id) =>
      FILTER_OF.unanswered(this.form, id),
    );
    if (found) this.go(found);
    else this.form.say("Every question that applies is answered");
  }

  _reveal(id) {
    if (this.visible.includes(id)) return;
    this.open(this.form.domainOf.get(id));
  }

  _isCover() {
    return !this.filter && !this.query && this.tab === "product" && this.cover;
  }

  _found() {
    const all = [...this.form.questions.keys()];
    if (this.query) return all.filter((id) => holds(this.form, id, this.query));
    if (this.filter === "next") return this.wanted;
    const found = all.filter((id) => FILTER_OF[this.filter](this.form, id));
    return this.filter === "weakest" ? weakestFirst(this.form, found) : found;
  }

  _build(views) {
    this.queue = views.filter((each) => !each.isBuilt());
    for (const each of this.queue.splice(0, 2)) each.build();
    delete this.form.root.dataset.complete;
    const work = (deadline) => {
      do this.queue.shift()?.build();
      while (this.queue.length && deadline.timeRemaining() > 4);
      if (this.queue.length) whenIdle(work);
      else this.form.root.dataset.complete = "1";
    };
    whenIdle(work);
  }

  _heading(isList, count) {
    this.figures = el("span", { class: "quiet figures" });
    if (!isList) {
      const domain = this.form.domains.get(this.tab);
      return el(
        "div",
        { class: "panel-head" },
        el("h2", {}, domain.title),
        this.figures,
        el("p", { class: "quiet seed" }, domain.seed),
      );
    }
    const name = this.query
      ? `${plural(count, "question")} with “${this.query}”`
      : `${FILTERS.find(([id]) => id === this.filter)[1]}: ${plural(count, "question")}`;
    const empty =
      this.filter === "next" && !this.reasons ? "Working it out…" : count ? "" : "Nothing to show.";
    return el(
      "div",
      { class: "panel-head" },
      el("h2", {}, name),
      button("Show all", () => (this.clear(), this.panel.focus({ preventScroll: true })), { class: "link" }),
      empty ? el("p", { class: "quiet", role: "status" }, empty) : null,
    );
  }

  _updateHeading() {
    if (!this.figures || this.filter || this.query) return;
    const span = this.form.standing?.domains?.[this.tab];
    setText(
      this.figures,
      span
        ? `assured ${outOf100(span.assured)} · expected ${outOf100(span.expected)} · potential ${outOf100(span.potential)}`
        : "",
    );
  }

  _label(isList) {
    this.panel.setAttribute("role", isList ? "region" : "tabpanel");
    if (isList) {
      this.panel.removeAttribute("aria-labelledby");
      this.panel.setAttribute("aria-label", "Questions found");
    } else {
      this.panel.removeAttribute("aria-label");
      this.panel.setAttribute("aria-labelledby", this.tabs.querySelector(`[data-tab="${this.tab}"]`).id);
    }
  }

  _drawTabs() {
    const tabs = [
      ["product", "Product"],
      ...[...this.form.domains.values()].map(({ id, title }) => [id, title]),
    ];
    this.tabs.replaceChildren(
      ...tabs.map(([id, title]) =>
        el(
          "button",
          {
            type: "button",
            role: "tab",
            id: freshId("tab"),
            "data-tab": id,
            "aria-controls": this.panel.id,
            click: () => this.open(id),
          },
          el("span", {}, title),
          el("span", { class: "count" }),
          el("span", { class: "marks" }),
        ),
      ),
    );
  }

  _updateTabs() {
    const isList = Boolean(this.filter || this.query);
    for (const tab of this.tabs.children) {
      const { tab: id } = tab.dataset;
      tab.setAttribute("aria-selected", String(!isList && id === this.tab));
      tab.tabIndex = id === this.tab ? 0 : -1;
      if (id === "product") continue;
      const questions = this.form.domains.get(id).questions.filter((each) => this.form.applies(each.id));
      const done = questions.filter((each) => this.form.isAnswered(each.id)).length;
      setChildren(tab.children[1], [`${done}/${questions.length}`, unseen(" answered")]);
      const gates = (this.form.standing?.gates ?? []).filter(
        (gate) => this.form.domainOf.get(gate.question) === id,
      );
      const marks = ["fail", "open"]
        .filter((result) => gates.some((gate) => gate.result === result))
        .map((result) =>
          el(
            "span",
            { class: `mark g-${result}` },
            GATE_MARK[result],
            unseen(result === "fail" ? " a gate fails" : " a gate is open"),
          ),
        );
      setChildren(tab.children[2], marks);
    }
  }

  _tabKey(event) {
    const all = [...this.tabs.children];
    const at = all.indexOf(document.activeElement);
    const next = {
      ArrowRight: (at + 1) % all.length,
      ArrowLeft: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    this.open(all[next].dataset.tab);
    all[next].focus();
  }

  _drawFilters() {
    this.chips.replaceChildren(
      ...FILTERS.map(([id, words]) =>
        button([words, el("span", { class: "count" })], () => this.choose(id), {
          class: "filter",
          "data-filter": id,
          "aria-pressed": "false",
        }),
      ),
    );
  }

  _updateFilters() {
    for (const each of this.chips.children) {
      const id = each.dataset.filter;
      each.setAttribute("aria-pressed", String(this.filter === id));
      if (id === "next" || id === "weakest") continue;
      const count = [...this.form.questions.keys()].filter((question) =>
        FILTER_OF[id](this.form, question),
      ).length;
      setText(each.lastChild, ` ${count}`);
      each.classList.toggle("none", count === 0);
    }
  }

  // Escape clears the search, Enter goes to the question that was meant: by its id, else the first found.
  _searchKey(event) {
    if (event.key === "Escape" && this.search.value) {
      event.preventDefault();
      this.clear();
    } else if (event.key === "Enter" && this.search.value) {
      event.preventDefault();
      this._search();
      const id = this.query.toUpperCase();
      const found = this.visible.includes(id) ? id : this.visible[0];
      if (found) this.go(found);
    }
  }

  _searchSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this._search(), 120);
  }

  _search() {
    clearTimeout(this.soon);
    this.query = this.search.value.trim();
    this.filter = "";
    this.reasons = null;
    this.show();
  }
}
