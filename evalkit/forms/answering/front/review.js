// What people say to each other about an answer: remarks, and the sign-off with four eyes.

function comments(form, question) {
  const part = `answers/${question.id}`;
  const list = el("ul", { class: "remarks" });
  const none = el("p", { class: "hint" }, "No comments yet.");
  const area = el("textarea", { rows: 2, id: freshId("field") });
  const said = el("p", { class: "problem", hidden: true });
  let waiting = null;
  const add = () => {
    const text = area.value.trim();
    if (!text) return area.focus();
    area.readOnly = true;
    form.whenClean(
      part,
      () => {
        waiting = form.act(
          { kind: "comment", question: question.id, base: form.store.revision(part), text },
          (refusal) => {
            waiting = null;
            area.readOnly = false;
            said.hidden = !refusal;
            setText(said, refusal);
            if (!refusal) area.value = "";
          },
        );
      },
      () => (area.readOnly = false),
    );
  };
  const send = button("Add comment", add);
  const node = el(
    "div",
    {},
    none,
    list,
    el(
      "div",
      { class: "field" },
      el("label", { for: area.id, class: "label" }, `Comment on ${question.id}`),
      area,
      said,
    ),
    el("div", { class: "actions" }, send),
  );
  const update = () => {
    const found = form.store.content(part)?.comments ?? [];
    none.hidden = found.length > 0;
    setChildren(
      list,
      found.map(({ by, on, text }) =>
        el("li", {}, el("b", {}, by), el("span", { class: "quiet" }, ` ${on}`), el("p", {}, text)),
      ),
    );
  };
  return { node, update };
}

function signOff(form, question, scope) {
  const part = `answers/${question.id}`;
  const statement = () => statementOf(form.store.content(part), scope);
  const stands = el("p", {});
  const reason = el("p", { class: "hint", id: freshId("hint") });
  const said = el("p", { class: "problem", hidden: true });
  const note = textField({ label: "Note (optional)", read: () => note.control.value, write: () => {} });
  const ask = (message) =>
    form.whenClean(part, () =>
      form.act({ ...message, question: question.id, scope, base: form.store.revision(part) }, (refusal) => {
        said.hidden = !refusal;
        setText(said, refusal);
        if (!refusal && message.kind === "sign") note.control.value = "";
      }),
    );
  const since = el("p", { class: "warn", hidden: true });
  const sign = button("Sign off", () => ask({ kind: "sign", note: note.control.value.trim() }), {
    "aria-describedby": reason.id,
  });
  const withdraw = button("Withdraw the sign-off", () => ask({ kind: "unsign" }));
  const node = el(
    "div",
    {},
    stands,
    since,
    reason,
    el("div", { class: "sign-line" }, note.node, el("div", { class: "actions" }, sign, withdraw)),
    said,
  );
  const update = () => {
    const { reviewed, answered, ...own } = statement();
    const why = whyNotSigned(form, part, own, answered);
    setText(
      stands,
      reviewed
        ? `Signed off by ${reviewed.by} on ${reviewed.on}${reviewed.note ? `: ${reviewed.note}` : "."}`
        : "Not signed off.",
    );
    const changed = changedSinceSignOff(form, question.id, scope);
    const holds = reviewed && !changed.length;
    since.hidden = !changed.length;
    setText(since, changed.length ? `Changed after the sign-off: ${changed.join(", ")}.` : "");
    setText(
      reason,
      holds ? "A change of the answer takes the sign-off away." : why || `You sign as ${form.who}.`,
    );
    sign.disabled = why !== "";
    setText(sign, reviewed ? "Sign off again" : "Sign off");
    const hadFocus = node.contains(document.activeElement);
    sign.hidden = note.node.hidden = Boolean(holds);
    withdraw.hidden = !reviewed;
    if (hadFocus && !node.contains(document.activeElement)) (holds ? withdraw : note.control).focus();
  };
  return { node, update };
}

// What was changed after a statement was signed off, in words; the kernel knows.
const changedSinceSignOff = (form, id, scope) => heldIn(form.standing?.outdated?.[id], scope) ?? [];

function signOffTitle(form, id, scope) {
  if (!statementOf(form.store.content(`answers/${id}`), scope).reviewed) return "Sign-off";
  return changedSinceSignOff(form, id, scope).length ? "Signed off, changed since" : "Signed off";
}

function whyNotSigned(form, part, own, answered) {
  if (stateOf(own) === "unanswered") return "There is no answer to sign off.";
  if (form.store.isDraft(part))
    return "A draft does not count yet; it can be signed off when it is complete.";
  if ((answered ?? form.store.content("prepared"))?.by === form.who)
    return `You (${form.who}) answered this: somebody else signs it off.`;
  return "";
}
