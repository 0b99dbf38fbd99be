// An open row: the statement in full, beside it the sign-off.

class Detail {
  constructor(review, row) {
    this.review = review;
    this.id = row.id;
    this.revision = "";
    this.told = el("div", { class: "told" }, el("p", { class: "quiet" }, "Reading…"));
    this.sign = signOffView(review, row.id);
    this.comments = commentsView(review, row.id);
    this.past = historyView(review, row.id);
    this.node = el("div", { class: "opened", id: freshId("detail"), role: "group", "aria-label": `${nameOf(row)}, ${row.title}` },
      this.told, el("div", { class: "aside" }, this.sign.node, this.comments.node, this.past.node));
    this.update(row);
  }

  update(row) {
    this.sign.update(row);
    if (this.revision === row.revision) return;
    this.revision = row.revision;
    this.review.post({ kind: "detail", row: row.id });
    this.past.ask();
  }

  show(detail) {
    this.comments.update(detail.comments ?? []);
    this.comments.node.hidden = detail.unread !== undefined;
    const sections = detail.unread === undefined
      ? [said(detail), sinceReview(detail, this.review.rows.get(this.id)), evidenceList(detail.evidence)]
      : [el("p", { class: "problem" }, detail.unread)];
    this.told.replaceChildren(...sections.filter(Boolean));
  }

  // Whether nothing would be lost if it were closed.
  isEmpty() {
    return this.sign.isEmpty() && this.comments.isEmpty();
  }
}

function said(detail) {
  const facts = [["Answer", el("strong", {}, detail.answer), ...detail.meaning.map((text) => el("p", {}, prose(text)))]];
  if (detail.general) facts.push(["In general", detail.general]);
  if (detail.finding) facts.push(["Finding", ...detail.finding.split("\n").filter((line) => line.trim()).map((line) => el("p", {}, prose(line)))]);
  if (detail.also) facts.push([detail.also_of || "Also", detail.also]);
  if (detail.gate) facts.push(["Gate", `${detail.gate.bar}; needs ${detail.gate.needs}. `, el("span", { class: "quiet" }, detail.gate.consequence)]);
  return el("section", {},
    el("h4", {}, detail.question), el("p", { class: "quiet" }, prose(detail.why)),
    el("dl", { class: "facts" }, facts.flatMap(([name, ...words]) => [el("dt", {}, name), el("dd", {}, words)])));
}

function sinceReview(detail, row) {
  if (!detail.changes.length) return detail.then ? el("p", { class: "since" }, detail.then) : null;
  const line = ({ what, before, after }) => el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, el("del", {}, before)), el("td", {}, el("ins", {}, after)));
  return el("section", { class: "since" },
    el("table", { class: "changes" },
      el("caption", {}, `Changed since ${row.reviewed_by} signed it off on ${row.reviewed_on}`),
      el("thead", {}, el("tr", {}, ["What", "Then", "Now"].map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, detail.changes.map(line))));
}

function evidenceList(items) {
  if (!items.length) return el("section", {}, el("h4", {}, "Evidence"), el("p", { class: "quiet" }, "None."));
  return el("section", {}, el("h4", {}, `Evidence (${items.length})`), el("ol", { class: "evidence" }, items.map(evidenceItem)));
}

function evidenceItem(item) {
  const title = link(item.url, item.title) ?? el("span", {}, item.title);
  const rest = [item.publisher, item.kind, ...item.details];
  if (!item.url && item.address) rest.push(item.address);
  return el("li", { class: item.governs ? "governs" : "" },
    el("p", {}, el("b", {}, item.class), item.counts_as ? el("span", { class: "warned" }, `, counts as ${item.counts_as}: ${item.why}`) : item.why ? el("span", { class: "warned" }, `, ${item.why}`) : null,
      item.governs ? chip("governs", "good") : null),
    el("p", {}, title, el("span", { class: "quiet" }, ` · ${rest.join(" · ")}`)),
    item.locator ? el("p", {}, prose(item.locator)) : null,
    item.states ? el("p", { class: "states" }, `States itself: ${item.states}`) : null,
    el("p", { class: "quiet" }, `Collected ${item.dates}`));
}
