// Several rows at once.

function bulkView(review) {
  const words = el("b", {});
  const note = el("input", { type: "text", id: freshId("note") });
  const sign = button("", () => review.sign("sign", [...review.selected], note.value, tell), { class: "primary" });
  const drop = button("Clear the selection", () => review.selectAll(false));
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const node = el("div", { class: "bulk", role: "group", "aria-label": "Selected rows", hidden: true },
    words, el("label", { for: note.id }, "Note for all"), note, sign, drop, problem);
  const tell = (told) => {
    problem.hidden = !told;
    setText(problem, told);
    if (!told) note.value = "";
  };
  const update = () => {
    const count = review.selected.size;
    node.hidden = count === 0;
    if (!count) tell("");
    setText(words, `${count} selected`);
    setText(sign, `Sign off ${count}`);
  };
  return { node, update };
}
