// Beside the questions, where there is room: what is on the page, with how each one stands.

function outlineView(form) {
  const list = el("ol", {});
  const node = el("nav", { class: "outline", "aria-label": "Questions on this page" }, list);
  const rows = new Map();
  const row = (id) => {
    const value = el("span", { class: "outline-value" });
    const state = unseen("");
    const entry = button(
      [
        el("span", { class: "dot" }),
        el("span", { class: "id" }, id),
        el("span", { class: "outline-title" }, form.questions.get(id).title),
        value,
        state,
      ],
      () => form.lists.go(id),
    );
    return { node: el("li", {}, entry), entry, value, state };
  };
  const update = (ids) => {
    node.hidden = ids.length === 0;
    if (node.shownFor !== form.instrument) rows.clear();
    node.shownFor = form.instrument;
    for (const id of ids) if (!rows.has(id)) rows.set(id, row(id));
    const wanted = ids.map((id) => rows.get(id).node);
    if (wanted.length !== list.children.length || wanted.some((each, index) => list.children[index] !== each))
      list.replaceChildren(...wanted);
    for (const id of ids) {
      const { entry, value, state } = rows.get(id);
      const content = form.store.content(`answers/${id}`) ?? {};
      const standing = form.standing?.questions?.[id];
      const is =
        standing?.applies === false
          ? "out"
          : form.store.conflicts.has(`answers/${id}`)
            ? "conflict"
            : form.store.isDraft(`answers/${id}`)
              ? "draft"
              : form.stateOf(id);
      entry.dataset.state = is;
      setText(state, ` ${is === "out" ? "does not apply" : (STATE_NAME[is] ?? is)}`);
      const scope = ownStatement(content, form.deployment) ? form.deployment : GENERAL;
      const held = statementOf(content, scope).value;
      setText(
        value,
        form.questions.get(id).kind === "scale" && !isNothing(held) && is !== "out" ? String(held) : "",
      );
      if (form.current === id) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  };
  return { node, update };
}
