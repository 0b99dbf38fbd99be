// The short list: a row for each option, in an order that stays while its ranks move.

const percentOf = (share) => `${(100 * share).toFixed(3)}%`;

function place(node, from, to) {
  node.style.left = percentOf(from);
  if (to !== undefined) node.style.width = percentOf(Math.max(0, to - from));
}

class OptionRow {
  constructor(fixed, words, approveAt, choose) {
    this.fixed = fixed;
    this.rank = el("span", { class: "rank-now" });
    this.rankWords = unseen("");
    this.rankWas = el("span", { class: "was" });
    this.symbol = el("span", { "aria-hidden": "true" });
    this.verdict = el("span");
    this.chip = el("span", { class: "verdict" }, this.symbol, " ", this.verdict);
    this.verdictWas = el("span", { class: "was" });
    this.bar = el("span", { class: "range" });
    this.tick = el("span", { class: "tick" });
    this.stated = el("span", { class: "stated" });
    this.lane = el("div", { class: "lane", "aria-hidden": "true" },
      ...[0, 0.25, 0.5, 0.75, 1].map((at) => {
        const line = el("span", { class: "grid" });
        place(line, at);
        return line;
      }));
    const mark = el("span", { class: "mark" });
    place(mark, approveAt);
    this.lane.append(mark, this.stated, this.bar, this.tick);
    if (fixed.stated) place(this.stated, fixed.stated[0], fixed.stated[2]);
    this.assured = el("td", { class: "figure strong" });
    this.expected = el("td", { class: "figure" });
    this.potential = el("td", { class: "figure" });
    this.gates = el("ul", { class: "gates" });
    this.head = el("button", { type: "button", class: "choose", click: () => choose(fixed.id) },
      el("span", { class: "letter" }, fixed.letter), el("span", { class: "name" }, fixed.name));
    this.node = el("tr", { "data-option": fixed.id },
      el("td", { class: "rank" }, this.rank, this.rankWords, this.rankWas),
      el("th", { scope: "row" }, this.head),
      el("td", { class: "standing" }, this.chip, this.verdictWas),
      el("td", { class: "picture" }, this.lane),
      this.assured, this.expected, this.potential,
      el("td", { class: "at-gates" }, this.gates));
  }

  show(now, isChosen, isSupposed) {
    setText(this.rank, now.rank);
    setText(this.rankWas, now.rank_was);
    this.rank.title = now.rank_words;
    this.chip.dataset.verdict = now.verdict;
    setText(this.symbol, now.symbol);
    setText(this.verdict, now.verdict_words);
    setText(this.verdictWas, now.verdict_was);
    for (const part of [this.bar, this.tick]) part.hidden = !now.span;
    this.stated.hidden = !isSupposed || !this.fixed.stated;
    if (now.span) {
      place(this.bar, now.span[0], now.span[2]);
      place(this.tick, now.span[1]);
    }
    for (const name of ["assured", "expected", "potential"]) setText(this[name], now[name]);
    setChildren(this.gates, now.gates.map((gate) => el("li",
      { "data-result": gate.result, "data-changed": gate.is_changed ? "1" : null, title: gate.words },
      el("span", { "aria-hidden": "true" }, gate.symbol), unseen(gate.words))));
    this.node.classList.toggle("chosen", isChosen);
  }
}

function optionTable(setting, choose) {
  const { words } = setting;
  const rows = setting.options.map((fixed) => new OptionRow(fixed, words, setting.approve_at, choose));
  const label = el("span", { class: "mark-label" }, words.mark);
  place(label, setting.approve_at);
  const axis = el("div", { class: "axis" }, unseen(words.picture),
    el("span", { "aria-hidden": "true" }, "0"), label, el("span", { "aria-hidden": "true" }, "100"));
  const head = (text, kind = "") => el("th", { scope: "col", class: kind }, text);
  const table = el("table", { class: "options", "data-rows": String(rows.length) },
    el("caption", { class: "unseen" }, words.options_caption),
    el("thead", {}, el("tr", {}, head(words.rank, "rank"), head(words.option), head(words.verdict),
      el("th", { scope: "col", class: "picture" }, axis),
      head(words.assured, "figure"), head(words.expected, "figure"), head(words.potential, "figure"),
      head(words.gates))),
    el("tbody", {}, ...rows.map((row) => row.node)));
  return { rows, node: table };
}
