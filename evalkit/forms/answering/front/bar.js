// The bar that stays: the option, its scores, gates and verdict, what the last change did, and what is saved.

const UNDO_ICON = "M6.5 3 3 6.5 6.5 10M3.5 6.5H9a4 4 0 0 1 0 8H6.5";
const REDO_ICON = "M9.500 3 13 6.5 9.500 10M12.500 6.5H7a4 4 0 0 0 0 8h2.500";

const SAID_FOR = 6000;
const SCORES = ["assured", "expected", "potential"];

function barView(form) {
  const option = el("select", {
    id: freshId("field"),
    class: "option",
    change: (event) => form.choose(event.target.value),
  });
  const product = el("span", { class: "product" });
  const scale = scoreScale();
  const coverage = el("span", { class: "figure" });
  const verdict = el("span", { class: "verdict" });
  const why = el("span", { class: "why" });
  const gates = el("div", { class: "gates", role: "group", "aria-label": "Gates" });
  const change = el("span", { class: "change" });
  const changed = el("span", { class: "unseen", role: "status", "aria-live": "polite" });
  const outside = el("span", { class: "outside-line" });
  const saving = savingView(form);
  const undo = button(icon(UNDO_ICON), () => form.undo.undo(), { class: "tool", "aria-label": "Undo" });
  const redo = button(icon(REDO_ICON), () => form.undo.redo(), { class: "tool", "aria-label": "Redo" });
  const help = button("?", () => form.help(), { class: "tool", "aria-label": "Keys and help" });
  const said = el("span", { class: "said", role: "status", "aria-live": "polite" });
  const whispered = el("span", { class: "unseen", role: "status", "aria-live": "polite" });
  const node = el(
    "div",
    { class: "bar" },
    el(
      "div",
      { class: "bar-line" },
      el(
        "div",
        { class: "who" },
        product,
        el("label", { for: option.id, class: "unseen" }, "Option: deployment"),
        option,
      ),
      el("div", { class: "scores" }, scale.node, coverage),
      el("div", { class: "tools" }, saving.node, undo, redo, help),
    ),
    el(
      "div",
      { class: "bar-line second" },
      el("div", { class: "outcome" }, verdict, why),
      gates,
      change,
      outside,
      changed,
      whispered,
    ),
    said,
  );

  const drawOptions = () => {
    const list = form.deployments();
    const key = JSON.stringify(list);
    if (option.shownKey !== key) {
      option.shownKey = key;
      option.replaceChildren(...list.map(({ id, name }) => el("option", { value: id }, name)));
    }
    option.value = form.deployment ?? "";
  };
  const update = () => {
    drawOptions();
    const standing = form.standing;
    setText(product, form.store.content("product")?.name ?? "");
    scale.update(standing);
    setText(
      coverage,
      standing?.coverage === null || standing?.coverage === undefined
        ? ""
        : `${outOf100(standing.coverage)} % answered`,
    );
    setText(verdict, standing?.verdict_text ?? "");
    verdict.className = `verdict v-${standing?.verdict ?? "none"}`;
    setText(why, standing?.reason_text ?? "");
    drawGates(standing);
    const items = standing?.change?.items ?? [];
    setText(
      change,
      items
        .filter(({ what }) => !SCORES.includes(what.toLowerCase()))
        .map(({ what, before, after }) => `${what}: ${before} → ${after}`)
        .join(" · "),
    );
    setText(changed, standing?.change?.text ?? "");
    enable(undo, form.undo.done.length > 0);
    enable(redo, form.undo.undone.length > 0);
    saving.update();
  };
  const drawGates = (standing) => {
    const list = standing?.gates ?? [];
    while (gates.children.length > list.length) gates.lastChild.remove();
    list.forEach((gate, index) => {
      if (!gates.children[index])
        gates.append(
          button("", (event) => form.lists.go(event.currentTarget.dataset.gate), { class: "gate" }),
        );
      const chipOf = gates.children[index];
      chipOf.dataset.gate = gate.question;
      chipOf.className = `gate g-${gate.result}`;
      setChildren(chipOf, [
        `${GATE_MARK[gate.result] ?? ""} ${gate.question}`,
        el("span", { class: "gate-word" }, ` ${(gate.name ?? plainWord(gate.result)).toLowerCase()}`),
      ]);
      chipOf.setAttribute(
        "aria-label",
        `Gate ${gate.question}, ${gate.title}: ${gate.name ?? gate.result}. ${gate.text ?? ""} Go to the question`,
      );
    });
  };
  let silence = null;
  const say = (words) => {
    clearTimeout(silence);
    setText(said, words);
    silence = setTimeout(() => setText(said, ""), SAID_FOR);
  };
  // For those who hear the page: what is to be seen elsewhere.
  const whisper = (words) => setText(whispered, words);
  const showOutside = (part, words) =>
    outside.replaceChildren(
      button(
        words,
        () => {
          outside.replaceChildren();
          form.goToPart(part);
        },
        { class: "link" },
      ),
    );
  const showWords = (words) => (setText(outside, words), whisper(words));
  return { node, update, say, whisper, showOutside, showWords, focus: () => help.focus() };
}

// Assured, expected and potential on one line from 0 to 100, with the threshold.
function scoreScale() {
  const range = el("span", { class: "range" });
  const mark = el("span", { class: "mark" });
  const limit = el("span", { class: "limit" });
  const numbers = el("span", { class: "numbers" });
  const track = el("span", { class: "track", "aria-hidden": "true" }, range, limit, mark);
  const node = el("div", { class: "scale", role: "group", "aria-label": "Scores" }, track, numbers);
  const at = (share) => `${(100 * (share ?? 0)).toFixed(2)}%`;
  const update = (standing) => {
    const hasScore = standing && standing.expected !== null && standing.expected !== undefined;
    range.hidden = mark.hidden = !hasScore;
    limit.hidden = isNothing(standing?.approve_at);
    limit.style.left = at(standing?.approve_at);
    if (hasScore) {
      range.style.left = at(standing.assured);
      range.style.width = at(standing.potential - standing.assured);
      mark.style.left = at(standing.expected);
    }
    const one = (name) =>
      el(
        "span",
        { class: name },
        el("span", { class: "quiet" }, `${name} `),
        el("b", {}, outOf100(standing?.[name])),
        delta(standing, name),
      );
    setChildren(numbers, [
      ...SCORES.map(one),
      isNothing(standing?.approve_at)
        ? ""
        : el(
            "span",
            { class: "at" },
            el("span", { class: "quiet" }, "needs "),
            el("span", {}, outOf100(standing.approve_at)),
          ),
    ]);
  };
  return { node, update };
}

// What the last change did to a score.
function delta(standing, name) {
  const item = standing?.change?.items?.find((each) => each.what.toLowerCase() === name);
  const by = item ? Number(item.by) : 0;
  return by
    ? el("span", { class: `delta ${by > 0 ? "up" : "down"}` }, ` ${by > 0 ? "+" : "−"}${Math.abs(by)}`)
    : null;
}

function savingView(form) {
  const words = el("span", { class: "saving" });
  const again = button("Try again", () => form.outbox.retry(), { hidden: true });
  const clash = button("", () => form.goToPart([...form.store.conflicts.keys()][0]), {
    class: "link warn",
    hidden: true,
  });
  const node = el("div", { class: "save-state" }, clash, words, again);
  const update = () => {
    const { outbox, store } = form;
    const count = store.mine.size;
    const clashes = store.conflicts.size;
    clash.hidden = clashes === 0;
    setText(clash, clashes ? plural(clashes, "conflict") : "");
    const { kind, text } = savingWords(outbox, count, clashes);
    if (again === document.activeElement && kind !== "failed") form.bar.focus();
    again.hidden = kind !== "failed";
    words.className = `saving ${kind}`;
    // “Saving…” after each click would drown everything else that is read out.
    if (node.dataset.saving !== kind && ["gone", "failed"].includes(kind)) form.bar.whisper(text);
    node.dataset.saving = kind;
    setText(words, text);
  };
  return { node, update };
}

function savingWords(outbox, count, clashes) {
  if (outbox.gone)
    return {
      kind: "gone",
      text: `Kernel gone: ${count === 1 ? "1 change is" : `${count} changes are`} kept in this page`,
    };
  if (outbox.failure && count) return { kind: "failed", text: `Could not be saved: ${outbox.failure}` };
  if (outbox.sent.size) return { kind: "busy", text: "Saving…" };
  if (count - clashes > 0) return { kind: "unsaved", text: plural(count - clashes, "unsaved change") };
  if (clashes) return { kind: "unsaved", text: "not saved" };
  return { kind: "saved", text: outbox.savedAt ? `Saved ${outbox.savedAt}` : "All saved" };
}
