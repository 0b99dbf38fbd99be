// A part that was changed by two: both values, and a choice. Neither is lost before it is made.

function conflictBar(form, part) {
  const node = el("div", {
    class: "conflict",
    role: "group",
    "aria-label": `Conflict about ${partName(form, part)}`,
    hidden: true,
    tabindex: "-1",
  });
  const update = () => {
    const found = form.store.conflicts.get(part);
    const key = found
      ? canonical([found.theirs?.content ?? null, form.store.content(part), found.by, found.at])
      : "";
    if (node.shownKey === key) return;
    node.shownKey = key;
    const hadFocus = node.contains(document.activeElement);
    node.hidden = !found;
    if (!found) {
      node.replaceChildren();
      if (hadFocus) form.focusPart(part);
      return;
    }
    const theirs = found.theirs?.content ?? null;
    const who = found.by
      ? `${found.by} changed it${found.at ? `, ${when(found.at)}` : ""}`
      : "It was changed outside this page";
    node.replaceChildren(
      el(
        "p",
        {},
        el("b", {}, `${sentence(partName(form, part))} was changed by two. `),
        `${who}, while your change was not saved. Choose which one stays; undo brings the other back.`,
      ),
      comparison(differences(form, part, theirs, form.store.content(part)), "Theirs", "Mine"),
      el(
        "div",
        { class: "actions" },
        button("Take theirs", () => form.settle(part, "theirs"), { class: "primary" }),
        button("Keep mine", () => form.settle(part, "mine")),
      ),
    );
    if (hadFocus) node.querySelector("button").focus();
  };
  return { node, update };
}
