// The sign-off of one row, and what people remarked on the answer.

function signOffView(review, id) {
  const stands = el("p", { class: "stands" });
  const reason = el("p", { class: "quiet", id: freshId("reason") });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const note = el("textarea", { rows: 2, id: freshId("note") });
  const field = el("div", { class: "field" }, el("label", { for: note.id }, "Note (optional)"), note);
  const tell = (words) => {
    problem.hidden = !words;
    setText(problem, words);
  };
  const sign = button("Sign off", () => review.sign("sign", [id], note.value, tell), { class: "primary", "aria-describedby": reason.id });
  const back = button("Take back the sign-off", () => review.sign("unsign", [id], "", tell));
  note.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!sign.hidden && !sign.disabled) sign.click();
  });
  const node = el("section", { class: "sign" }, el("h4", {}, "Sign-off"), stands, reason, field, problem, el("div", { class: "actions" }, sign, back));
  const update = (row) => {
    const why = whyNotSigned(row, review.who);
    const [head, rest] = reviewOf(row);
    setText(stands, [head, rest].filter(Boolean).join(": "));
    setText(reason, row.status === "signed" ? "A change of the statement takes the sign-off away." : why || `You sign as ${review.who}.`);
    field.hidden = sign.hidden = !row.may_be_signed;
    back.hidden = row.status !== "signed";
  };
  const isEmpty = () => note.value.trim() === "";
  return { node, update, isEmpty };
}

function commentsView(review, id) {
  const list = el("ul", { class: "remarks" });
  const area = el("textarea", { rows: 2, id: freshId("comment") });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const label = el("label", { for: area.id }, "Comment");
  const add = () => {
    const text = area.value.trim();
    if (!text) return area.focus();
    return review.comment(id, text, (words) => {
      problem.hidden = !words;
      setText(problem, words);
      if (!words) area.value = "";
    });
  };
  const node = el("section", { class: "comments" }, el("h4", {}, "Comments"), list,
    el("div", { class: "field" }, label, area), problem, el("div", { class: "actions" }, button("Add comment", add)));
  const update = (found) => {
    setText(label, found.length ? "Reply" : "Comment");
    list.hidden = found.length === 0;
    setChildren(list, found.map(({ by, on, text }) => el("li", {}, el("b", {}, by), el("span", { class: "quiet" }, ` ${on}`), el("p", {}, prose(text)))));
  };
  const isEmpty = () => area.value.trim() === "";
  return { node, update, isEmpty };
}

function historyView(review, id) {
  const place = el("div", { class: "past" }, el("p", { class: "quiet" }, "Asking for the history…"));
  const node = el("details", { class: "history" }, el("summary", {}, "History of the answer"), place);
  const ask = () => node.open && review.post({ kind: "history", row: id });
  node.addEventListener("toggle", ask);
  const show = (entries) => {
    const one = ({ at, by, what, summary }) => el("li", {}, el("b", {}, by || what), at ? el("span", { class: "quiet" }, ` ${moment(at)}`) : null, el("p", {}, summary));
    place.replaceChildren(entries.length ? el("ol", {}, entries.map(one)) : el("p", { class: "quiet" }, "Nothing was changed with evalkit's forms yet."));
  };
  return { node, ask, show };
}
