// Where an answer differs: one switch per deployment, and a whole form for each that is on. Deployments that
// are alike in all that an answer may vary by share theirs: they are switched, shown and changed together.

const DIMENSIONS = ["route", "surface", "plan"];

function differsIn(question, one, other) {
  return DIMENSIONS.filter((name) => question.varies_by[name]).some(
    (name) => one[name] !== other[name] || (name === "surface" && one.client !== other.client),
  );
}

// The deployments that may not differ from one, itself among them.
function alike(form, question, id) {
  const list = form.deployments();
  const own = list.find((each) => each.id === id);
  return own ? list.filter((each) => !differsIn(question, own, each)).map((each) => each.id) : [id];
}

const RECORD = ["state", "value", "evidence"];

// Those of them whose answers must stay one record: what changes in one of these fields changes in all.
function sameRecord(form, question, content, id) {
  const own = content?.deployments ?? {};
  const isSame = (each) => RECORD.every((name) => same(own[each][name], heldIn(own, id)?.[name]));
  return alike(form, question, id).filter((each) => each === id || (Object.hasOwn(own, each) && isSame(each)));
}

// Those that say the same to the last word: they are shown as one.
function sameStatement(form, question, content, id) {
  const own = content?.deployments ?? {};
  return sameRecord(form, question, content, id).filter((each) => each === id || same(typed(heldIn(own, each)), typed(heldIn(own, id))));
}

// Why a deployment cannot have an answer of its own; "" where it can.
function whyNotDifferent(form, question, deployment, own) {
  const allowed = DIMENSIONS.filter((name) => question.varies_by[name]);
  if (!allowed.length) return "Varies neither by route nor surface nor plan: one answer for all.";
  const together = alike(form, question, deployment.id);
  const others = form.deployments().filter((each) => !together.includes(each.id));
  if (others.some((each) => !Object.hasOwn(own, each.id))) return "";
  return others.length
    ? "The last one keeps the general answer."
    : `Varies by ${allowed.join(" and ")} only, and in that it is like the others.`;
}

function deploymentAnswers(form, question) {
  const part = `answers/${question.id}`;
  const content = () => form.store.content(part) ?? {};
  const switches = el("div", { class: "switches" });
  const note = el("p", { class: "hint" });
  const guide = question.varies_by.note
    ? disclosure("When it differs", () => el("p", {}, question.varies_by.note))
    : null;
  const places = el("div", { class: "overrides" });
  const node = el(
    "div",
    { class: "differs" },
    el(
      "div",
      { role: "group", "aria-label": `Deployments in which ${question.id} differs`, class: "differs-line" },
      el("span", { class: "label" }, "Differs on"),
      switches,
      guide?.node,
    ),
    note,
    places,
  );
  const shown = new Map();

  const order = () => form.deployments().map((each) => each.id);
  const leader = (id) => {
    const together = sameStatement(form, question, content(), id);
    return order().find((each) => together.includes(each)) ?? id;
  };
  const turn = (id, isOn) => {
    form.edit(part, (answer) => {
      answer.deployments ??= {};
      for (const each of alike(form, question, id)) {
        if (isOn) answer.deployments[each] = ownStatement(answer, each) ?? copyOfStatement(answer);
        else delete answer.deployments[each];
      }
    });
    if (isOn) shown.get(leader(id))?.reveal();
  };
  const drawSwitches = (own) => {
    const list = form.deployments();
    const key = JSON.stringify(list.map(({ id, name }) => [id, name]));
    if (switches.shownKey !== key) {
      switches.shownKey = key;
      switches.replaceChildren(
        ...list.map(({ id, name }) =>
          el(
            "label",
            { class: "switch" },
            el("input", { type: "checkbox", value: id, change: (event) => turn(id, event.target.checked) }),
            name,
          ),
        ),
      );
    }
    const reasons = new Map();
    for (const [index, deployment] of list.entries()) {
      const box = switches.children[index].firstChild;
      const isOn = Object.hasOwn(own, deployment.id);
      const reason = isOn ? "" : whyNotDifferent(form, question, deployment, own);
      box.checked = isOn;
      box.disabled = reason !== "";
      if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), deployment.name]);
    }
    const words = [...reasons].map(([reason, names]) =>
      names.length === list.length ? reason : `${names.join("; ")}: ${reason}`,
    );
    setText(note, words.join(" "));
  };
  const update = () => {
    const own = content().deployments ?? {};
    drawSwitches(own);
    const known = order();
    const leaders = [...known.filter((id) => Object.hasOwn(own, id)), ...Object.keys(own).filter((id) => !known.includes(id))].filter(
      (id) => leader(id) === id,
    );
    for (const [id, each] of shown) {
      if (leaders.includes(id)) continue;
      const hadFocus = each.node.contains(document.activeElement);
      each.node.remove();
      shown.delete(id);
      if (hadFocus) switches.querySelector(`input[value="${CSS.escape(id)}"]`)?.focus();
    }
    leaders.forEach((id, index) => {
      if (!shown.has(id)) shown.set(id, override(form, question, id));
      const { node: place } = shown.get(id);
      if (places.children[index] !== place) places.insertBefore(place, places.children[index] ?? null);
      shown.get(id).update();
    });
  };
  const fields = () => [...shown.values()].flatMap((each) => each.fields());
  return {
    node,
    update,
    fields,
    statement: (id) => shown.get(leader(id))?.statement(),
    reveal: (id) => shown.get(leader(id))?.reveal(),
  };
}

// The answer of one deployment, folded to a line unless it is the chosen one.
function override(form, question, id) {
  const part = `answers/${question.id}`;
  let own = null;
  const title = el("span", { class: "override-title" });
  const says = el("span", { class: "override-says" });
  const inherited = el("p", { class: "inherited" });
  const body = el("div", { class: "override-body" }, inherited);
  const node = el("details", { class: "override", "data-scope": id }, el("summary", {}, title, says), body);
  const make = () => {
    if (own) return;
    own = statementForm(form, question, id);
    body.append(own.node);
    own.update();
  };
  node.addEventListener("toggle", () => {
    if (!node.open) return;
    make();
    form.markProblems(question.id);
  });
  const update = () => {
    const content = form.store.content(part) ?? {};
    const general = content;
    const together = sameStatement(form, question, content, id);
    const isChosen = together.includes(form.deployment);
    setText(title, `On ${together.map((each) => form.deploymentName(each)).join("; ")}`);
    setText(says, statementInWords(question, statementOf(content, id)));
    setText(
      inherited,
      `All others: ${statementInWords(question, general)}.${general.finding ? ` ${shortened(general.finding, 220)}` : ""}`,
    );
    node.classList.toggle("chosen", isChosen);
    if (isChosen && node.shownFor !== form.deployment) node.open = true;
    node.shownFor = form.deployment;
    if (node.open) make();
    own?.update();
  };
  const reveal = () => {
    node.open = true;
    make();
    own.focus();
  };
  return { node, update, reveal, statement: () => (make(), own), fields: () => own?.fields() ?? [] };
}
