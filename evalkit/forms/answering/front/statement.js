// One statement: the general answer, or that of one deployment. Value, state, finding, evidence.

function statementForm(form, question, scope) {
  const part = `answers/${question.id}`;
  const path = scope === GENERAL ? [] : ["deployments", scope];
  const statement = () => statementOf(form.store.content(part), scope);
  const change = (work, { field = null } = {}) =>
    form.edit(
      part,
      (content) => {
        if (scope === GENERAL) {
          work(content);
          return;
        }
        const together = sameRecord(form, question, content, scope).filter((each) => each !== scope);
        content.deployments ??= {};
        const own = (content.deployments[scope] = ownStatement(content, scope) ?? {});
        const before = clone(own);
        work(own);
        for (const name of [...RECORD, "finding", "also"]) {
          if (same(before[name], own[name])) continue;
          for (const each of together) {
            const other = content.deployments[each];
            if (same(before[name], other[name])) other[name] = clone(own[name]);
          }
        }
      },
      field ? { field: `${part}.${scope}.${field}` } : {},
    );
  const at = { path, statement, change };

  const setValueOf = (value, isTyped) =>
    change(
      (own) => {
        if (isNothing(value)) delete own.value;
        else own.value = value;
        delete own.state;
      },
      isTyped ? { field: "value" } : {},
    );
  const effects = () => {
    const found = form.standing?.effects?.[question.id] ?? {};
    return heldIn(found, scope) ?? found[GENERAL] ?? [];
  };
  const value = valueControl(form, question, {
    path: [...path, "value"],
    get: () => statement().value,
    set: setValueOf,
    effects,
  });
  const state = stateField(form, question, at, value);
  const also =
    question.also &&
    textField({
      label: "Also record",
      hint: `${question.also.text}${question.also.unit === "text" ? "" : ` (${question.also.unit})`}`,
      kind: "also",
      path: [...path, "also"],
      read: () => statement().also,
      write: (words) => change((own) => (own.also = words), { field: "also" }),
    });
  const finding = areaField({
    label: "Finding",
    path: [...path, "finding"],
    read: () => statement().finding,
    write: (words) => change((own) => (own.finding = words.trim() ? words : ""), { field: "finding" }),
    attributes: { placeholder: "What was found, in own words", class: "prose" },
  });
  const evidence = evidenceList(form, question, at);
  const sign = scope === GENERAL ? null : disclosure("Sign-off", () => signOff(form, question, scope));
  const node = el(
    "div",
    { class: "statement", "data-scope": scope },
    value.node,
    state.node,
    finding.node,
    also?.node,
    evidence.node,
    sign?.node,
  );

  const update = () => {
    for (const each of [value, state, finding, also, evidence, sign]) each?.update();
    if (sign) setText(sign.summary, signOffTitle(form, question.id, scope));
  };
  const fields = () => [...value.fields, state, finding, ...(also ? [also] : []), ...evidence.fields()];
  return { node, update, fields, value, focus: () => value.focus(), clear: state.clear };
}

// Answered, not found, refused, conflicting: what each needs stands beside it.
function stateField(form, question, at, value) {
  const name = freshId("state");
  const problem = el("p", { class: "problem", id: freshId("problem"), hidden: true });
  const hint = el("span", { class: "hint", id: freshId("hint") });
  const choose = (id) => {
    const before = at.statement();
    at.change((own) => {
      if (id === "answered") {
        if (isNothing(own.value) && question.kind === "list")
          own.value = { documented: [], observed: [], purposes_given: false };
        if (isNothing(own.value)) own.state = "answered";
        else delete own.state;
        return;
      }
      own.state = id;
      if (id === "conflicting") {
        for (const item of own.evidence ?? [])
          if (isNothing(item.value) && !isNothing(before.value)) item.value = clone(before.value);
      }
      delete own.value;
    });
  };
  const clear = () =>
    at.change((own) => {
      delete own.value;
      delete own.state;
    });
  const radios = STATES.map(([id, words]) => [
    id,
    el("input", { type: "radio", name, value: id, click: () => choose(id) }),
    words,
  ]);
  const clearButton = button(
    "Clear",
    () => {
      clear();
      value.focus();
    },
    { class: "clear", "aria-label": `Clear the answer to ${question.id}` },
  );
  const node = el(
    "div",
    { class: "state" },
    el(
      "div",
      { role: "radiogroup", "aria-label": `State of ${question.id}`, class: "segments" },
      radios.map(([, input, words]) => el("label", { class: "segment" }, input, words)),
    ),
    clearButton,
    hint,
    problem,
  );
  const update = () => {
    const state = stateOf(at.statement());
    for (const [id, input] of radios) input.checked = id === state;
    clearButton.hidden = state === "unanswered";
    const found = STATES.find(([id]) => id === state);
    setText(hint, found && state !== "answered" ? found[2] : "");
  };
  return { node, control: node, path: [...at.path, "state"], mark: marker(node, problem), update, clear };
}
