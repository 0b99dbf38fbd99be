// The past of an answer: who changed what and when, and a way to put it back.

function history(form, part) {
  const place = el("div", { class: "history" }, el("p", { class: "hint" }, "Asking for the history…"));
  const ask = () => form.outbox.post({ kind: "history", part });
  const show = (entries) => {
    if (!entries.length)
      return place.replaceChildren(el("p", { class: "hint" }, "Nothing was changed with this form yet."));
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(
      el(
        "ol",
        { class: "entries" },
        entries.map((entry) => historyEntry(form, part, entry)),
      ),
    );
    if (hadFocus) place.closest("details")?.querySelector("summary").focus();
    return null;
  };
  form.histories.set(part, { show, ask });
  return { node: place, opened: ask };
}

function historyEntry(form, part, entry) {
  const rows = differences(form, part, entry.old, entry.new);
  const can = entry.undoable !== false && !same(typed(entry.old), typed(form.store.content(part)));
  const back = () =>
    form.whenClean(part, () =>
      form.act({ kind: "restore", part, id: entry.id, base: form.store.revision(part) }, (refusal) =>
        form.say(refusal || `Put back: ${partName(form, part)}`),
      ),
    );
  const kind =
    {
      edit: "",
      comment: "comment",
      sign: "sign-off",
      unsign: "sign-off withdrawn",
      outside: "outside this form",
    }[entry.what] ?? entry.what;
  return el(
    "li",
    {},
    el(
      "p",
      { class: "entry-head" },
      el("b", {}, entry.by || "unknown"),
      ` ${when(entry.at)}`,
      kind ? ` · ${kind}` : "",
      entry.summary ? ` · ${entry.summary}` : "",
      can ? button("Put back", back, { "aria-label": `Put back what stood before ${when(entry.at)}` }) : null,
    ),
    comparison(rows, "Before", "After"),
  );
}

// Two contents side by side, where they differ.
function comparison(rows, one, other) {
  if (!rows.length) return el("p", { class: "hint" }, "No difference in words.");
  return el(
    "table",
    { class: "comparison" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, unseen("Field")),
        el("th", { scope: "col" }, one),
        el("th", { scope: "col" }, other),
      ),
    ),
    el(
      "tbody",
      {},
      rows.map(([name, was, is]) =>
        el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, was || "–"), el("td", {}, is || "–")),
      ),
    ),
  );
}
