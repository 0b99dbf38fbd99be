// One question: head with what is known of it, the general answer, deployments, and what is one click away.

function questionView(form, question) {
  const part = `answers/${question.id}`;
  const chips = el("div", { class: "chips" });
  const notice = el("div", { class: "notice", hidden: true });
  const note = el("p", { class: "outside", hidden: true });
  const reason = el("p", { class: "reason", hidden: true });
  const conflict = conflictBar(form, part);
  const body = el("div", { class: "question-body" });
  const folded = el(
    "details",
    { class: "not-applicable", hidden: true },
    el("summary", {}, "Does not apply to this option. Show the answer"),
  );
  const node = el(
    "fieldset",
    { class: "question", "data-question": question.id, "data-part": part, tabindex: "-1" },
    el("legend", {}, el("h3", {}, el("span", { class: "id" }, question.id), " ", question.title)),
    chips,
    reason,
    el("p", { class: "ask" }, question.question),
    note,
    notice,
    conflict.node,
    folded,
    body,
  );

  let own = null;
  const build = () => {
    if (own) return;
    own = questionBody(form, question);
    body.append(...own.nodes);
    node.classList.add("built");
    update();
  };
  const applies = () => form.standing?.questions?.[question.id]?.applies !== false;
  const update = () => {
    setChildren(chips, questionChips(form, question));
    conflict.update();
    showNote(form, part, note);
    const isOut = !applies();
    node.classList.toggle("out", isOut);
    if (folded.hidden === isOut) {
      folded.hidden = !isOut;
      if (isOut) folded.append(body);
      else node.append(body);
    }
    const why = form.lists.reasons?.get(question.id) ?? "";
    reason.hidden = !why;
    setText(reason, why);
    own?.update();
    mark();
  };
  const mark = () => {
    const problems = form.store.problems(part);
    const left = own ? markFields(own.fields(), problems) : problems;
    showNotice(form, part, notice, problems, left);
  };
  const enter = () => {
    build();
    if (!applies()) folded.open = true;
    node.focus({ preventScroll: true });
  };
  return {
    node,
    question,
    build,
    update,
    mark,
    enter,
    isBuilt: () => own !== null,
    statement: (scope) => (build(), scope === GENERAL ? own.general : own.deployments.statement(scope)),
    reveal: (scope) => own?.deployments.reveal(scope),
  };
}

function questionBody(form, question) {
  const part = `answers/${question.id}`;
  const general = statementForm(form, question, GENERAL);
  const deployments = deploymentAnswers(form, question);
  const remarks = disclosure("Comments", () => comments(form, question));
  const sign = disclosure("Sign-off", () => signOff(form, question, GENERAL));
  const past = disclosure("History", () => history(form, part));
  const line = el(
    "div",
    { class: "disclosures" },
    [...backgroundOf(form, question), remarks, sign, past].map((each) => each.node),
  );
  const update = () => {
    general.update();
    deployments.update();
    const count = form.store.content(part)?.comments?.length ?? 0;
    setText(remarks.summary, count ? `Comments (${count})` : "Comments");
    setText(sign.summary, signOffTitle(form, question.id, GENERAL));
    for (const each of [remarks, sign]) each.update();
  };
  return {
    nodes: [general.node, deployments.node, line],
    general,
    deployments,
    update,
    fields: () => [...general.fields(), ...deployments.fields()],
  };
}

function questionChips(form, question) {
  const part = `answers/${question.id}`;
  const content = form.store.content(part) ?? {};
  const standing = form.standing?.questions?.[question.id];
  const gate = form.standing?.gates?.find((each) => each.question === question.id);
  const state = form.stateOf(question.id);
  const found = [];
  if (standing?.applies === false) return [chip("does not apply to this option")];
  found.push(chip(STATE_NAME[state] ?? state, `s-${state}`));
  if (standing && standing.class !== "none") found.push(chip(className(form, standing.class), "class"));
  if (question.gate) {
    const result = gate
      ? `${GATE_MARK[gate.result] ?? ""} ${gate.name ? gate.name.toLowerCase() : gate.result}`
      : "";
    found.push(
      chip(`Gate: ${question.gate.bar}${result ? ` · ${result}` : ""}`, `gate g-${gate?.result ?? "none"}`),
    );
  }
  if (question.triage) found.push(chip("triage"));
  const differs = Object.keys(content.deployments ?? {});
  if (differs.length)
    found.push(
      chip(
        differs.length > 2 ? `differs on ${differs.length} deployments` : `differs on ${differs.join(", ")}`,
      ),
    );
  if (form.store.isDraft(part)) found.push(chip("draft", "warn"));
  if (standing?.stale) found.push(chip("stale evidence", "warn"));
  if (standing?.disputed) found.push(chip("disputed", "warn"));
  if (form.store.conflicts.has(part)) found.push(chip("conflict", "warn"));
  if (form.standing?.outdated?.[question.id]) found.push(chip("changed since the sign-off", "warn"));
  else if (content.reviewed) found.push(chip(`signed off by ${content.reviewed.by}`, "good"));
  if (content.comments?.length) found.push(chip(plural(content.comments.length, "comment")));
  return found;
}

// Why an answer does not count yet, or what is wrong with it, in words; each goes to its field.
function showNotice(form, part, notice, problems, left) {
  const isDraft = form.store.isDraft(part);
  const words = isDraft ? "Kept as a draft, does not count yet: " : "To be put right: ";
  const shown = isDraft ? problems : left;
  notice.hidden = shown.length === 0;
  if (notice.hidden) return notice.replaceChildren();
  return setChildren(notice, [el("p", {}, el("b", {}, words), shown.map(problemWords).join(" "))]);
}

function showNote(form, part, node) {
  const words = form.store.notes.get(part);
  node.hidden = !words;
  if (!words) return node.replaceChildren();
  if (node.shownWords === words && node.firstChild) return null;
  node.shownWords = words;
  return node.replaceChildren(
    words,
    " ",
    button("Seen", () => {
      form.store.notes.delete(part);
      form.refresh(part);
      form.focusPart(part);
    }),
  );
}
