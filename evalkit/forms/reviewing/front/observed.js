// What was observed by the organisation itself: a card each, open contradictions first, decided on with a reason.

const STATES = [["open", "To decide"], ["all", "All"]];

function observedView(review) {
  const cards = new Map();
  let shown = [];
  let which = "open";
  const words = el("span", { class: "count" });
  const list = el("ol", { class: "cards" });
  const none = el("p", { class: "quiet", hidden: true }, "Nothing is left to decide.");
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const choices = STATES.map(([id, name]) => button(name, () => choose(id), { class: "filter", "aria-pressed": "false" }));
  const summary = el("summary", {}, el("b", {}, "Observed"), " ", words);
  const node = el("details", { class: "observed", hidden: true }, summary,
    el("p", { class: "quiet" }, "Seen in released packages and in your own runs. That something stands in a program is no proof that it is active; that it was not found is no proof that it is not there. No answer changes by itself."),
    el("div", { class: "presses", role: "group", "aria-label": "Show only" }, choices), problem, none, list);

  function choose(id) {
    which = id;
    draw();
  }

  function draw() {
    const wanted = shown.filter((each) => which === "all" || each.is_open || cards.get(each.id)?.isBusy());
    for (const [place, [id]] of STATES.entries()) choices[place].setAttribute("aria-pressed", String(which === id));
    for (const each of wanted) {
      if (!cards.has(each.id)) cards.set(each.id, observationCard(review, each));
      cards.get(each.id).update(each);
    }
    const nodes = wanted.map((each) => cards.get(each.id).node);
    const isSame = nodes.length === list.children.length && nodes.every((each, place) => list.children[place] === each);
    if (!isSame) {
      const focused = list.contains(document.activeElement) ? document.activeElement : null;
      list.replaceChildren(...nodes);
      if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    }
    none.hidden = wanted.length > 0;
    list.hidden = wanted.length === 0;
  }

  function update(observed, told) {
    shown = observed;
    const there = new Set(observed.map((each) => each.id));
    for (const id of [...cards.keys()]) if (!there.has(id)) cards.delete(id);
    const left = observed.filter((each) => each.is_open);
    const against = left.filter((each) => each.relation === "contradicts").length;
    setText(words, `${observed.length} in all, ${left.length} to decide${against ? `, ${plural(against, "contradiction")}` : ""}`);
    words.classList.toggle("bad", against > 0);
    node.hidden = observed.length === 0 && !told;
    problem.hidden = !told;
    setText(problem, told ? `The files of observations cannot be used: ${told}` : "");
    draw();
  }

  function open() {
    if (node.hidden) return review.say("Nothing was observed of this product.");
    node.open = true;
    return goOn();
  }

  // The keyboard goes to the next card that is open, or to the head of the list.
  function goOn() {
    draw();
    const next = shown.find((each) => each.is_open && !each.barred && cards.has(each.id));
    if (next && node.open) cards.get(next.id).focus();
    else summary.focus();
  }

  const clear = () => cards.clear();
  return { node, update, open, goOn, clear };
}

function observationCard(review, first) {
  const reason = el("textarea", { rows: 2, id: freshId("why") });
  const value = el("select", { id: freshId("value") });
  const level = el("div", { class: "field" }, el("label", { for: value.id }, "What it shows"), value);
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const tell = (told) => {
    problem.hidden = !told;
    setText(problem, told);
    if (!told) reason.value = "";
  };
  const decide = (what) => {
    if (!reason.value.trim()) {
      tell("Say why: a decision needs its reason.");
      return reason.focus();
    }
    return review.decide(first.id, what, reason.value, what === "accept" && !level.hidden ? value.value : "", tell);
  };
  const accept = button("Accept", () => decide("accept"), { class: "primary" });
  const reject = button("Reject", () => decide("reject"));
  const field = el("div", { class: "field" }, el("label", { for: reason.id }, "Reason"), reason);
  const actions = el("div", { class: "actions" }, accept, reject);
  const told = el("div", { class: "told" });
  const stands = el("p", { class: "quiet" });
  const title = el("h4", { id: freshId("seen") });
  const node = el("li", { class: "card" }, title, told, el("div", { class: "decide" }, stands, level, field, problem, actions));
  node.setAttribute("aria-labelledby", title.id);

  function update(card) {
    node.className = `card ${card.relation}${card.is_open ? " is-open" : ""}`;
    setText(title, `${card.does} ${card.questions.map(({ id }) => id).join(", ") || "no answer"}: ${card.told}`);
    setChildren(told, [facts(card), ...card.caveats.map((words) => el("p", { class: "quiet" }, `But: ${words}`))]);
    const isOver = !card.is_open;
    setText(stands, isOver ? card.review : card.barred);
    stands.hidden = !isOver && !card.barred;
    field.hidden = actions.hidden = isOver || Boolean(card.barred);
    level.hidden = field.hidden || !card.values.length;
    if (value.childElementCount !== card.values.length + 1) {
      value.replaceChildren(el("option", { value: "" }, "not said: a remark asks who answers"), ...card.values.map((each) => el("option", { value: each.value }, each.words)));
    }
  }

  function facts(card) {
    const lines = card.questions.map(({ id, title: name, answer }) => [`${id} ${name}`, answer]);
    lines.push(["How far it goes", `${card.strength}: ${card.means}`]);
    if (card.claim) lines.push(["Looked for", card.claim]);
    if (card.where) lines.push(["Where", card.where]);
    lines.push(["Rule", `${card.rule}${card.version ? `, version ${card.version}` : ""}${card.for.length ? `, for ${card.for.join(", ")}` : ""}, id ${card.id}`]);
    return el("dl", { class: "facts" }, lines.flatMap(([name, said]) => [el("dt", {}, name), el("dd", {}, said)]));
  }

  const focus = () => {
    reason.focus();
    node.scrollIntoView({ block: "nearest" });
  };
  const isBusy = () => reason.value.trim() !== "";
  return { node, update, focus, isBusy };
}
