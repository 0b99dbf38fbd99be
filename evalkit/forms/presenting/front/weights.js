// A slider for the weight of each domain; the stated weight stays marked.

class WeightRow {
  constructor(domain, range, moved) {
    this.domain = domain;
    this.slider = el("input", {
      type: "range", min: range.least, max: range.most, step: range.step, "aria-label": domain.title,
      input: () => {
        this.say(this.slider.value, "");
        moved(domain.id, Number(this.slider.value));
      },
    });
    const stated = el("span", { class: "stated-weight", "aria-hidden": "true" });
    stated.style.setProperty("--at", String((domain.stated - range.least) / (range.most - range.least)));
    this.value = el("span", { class: "value", "aria-hidden": "true" });
    this.share = el("span", { class: "share", "aria-hidden": "true" });
    this.node = el("li", { "data-domain": domain.id },
      el("span", { class: "title", "aria-hidden": "true", title: domain.title }, domain.title),
      el("span", { class: "track" }, this.slider, stated),
      this.value, this.share,
      el("span", { class: "was", "aria-hidden": "true" }, domain.stated_words));
  }

  say(value, share) {
    setText(this.value, String(value));
    if (share) setText(this.share, share);
    this.slider.setAttribute("aria-valuetext",
      [value, share || this.share.textContent, this.domain.stated_words].filter(Boolean).join(", "));
    this.node.classList.toggle("changed", Number(value) !== this.domain.stated);
  }

  show(now, isAhead) {
    if (!isAhead) this.slider.value = String(now.value);
    this.say(isAhead ? this.slider.value : now.value, now.share);
  }
}

function weightList(setting, moves) {
  const { words, weights } = setting;
  const moved = (domain, weight) => moves.send(`weight ${domain}`, { kind: "weight", domain, weight });
  const rows = weights.domains.map((domain) => new WeightRow(domain, weights, moved));
  const reset = button(words.weight_reset, () => {
    for (const row of rows) moves.waiting.delete(`weight ${row.domain.id}`);
    moves.send("stated-weights", { kind: "stated-weights" });
  }, { class: "quiet" });
  const node = el("section", { class: "weights", "aria-label": words.weights },
    el("div", { class: "pane-head" }, el("h3", {}, words.weights), reset),
    el("ul", { class: "sliders" }, ...rows.map((row) => row.node)));
  return { rows, node };
}
