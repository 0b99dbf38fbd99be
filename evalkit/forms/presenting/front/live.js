// The page of the presentation. All words come from the kernel.

const QUIET_MS = 350;

function fullScreen(root, words) {
  const isFull = () => document.fullscreenElement === root;
  const node = button(words.full_screen, () => {
    if (isFull()) document.exitFullscreen();
    else root.requestFullscreen().catch(() => { node.hidden = true; });
  }, { class: "quiet", hidden: !document.fullscreenEnabled });
  const changed = () => setText(node, isFull() ? words.leave_full_screen : words.full_screen);
  document.addEventListener("fullscreenchange", changed);
  return { node, end: () => document.removeEventListener("fullscreenchange", changed) };
}

function build(root, setting, model) {
  const { words } = setting;
  const lost = el("p", { class: "lost", role: "alert", hidden: true }, words.lost);
  const moves = new Moves(model, (isLost) => { lost.hidden = !isLost; });
  const status = el("p", { class: "unseen", role: "status" });
  const what = el("strong");
  const changes = el("span", { class: "changes" });
  const back = button(words.back, () => {
    if (back.getAttribute("aria-disabled") !== "true") moves.only("back", { kind: "back" });
  }, { class: "back" });
  const banner = el("div", { class: "banner" },
    el("p", {}, what, " ", changes), back);
  let picture = null;
  let chosen = setting.options[0].id;
  const choose = (option) => {
    chosen = option;
    draw();
  };
  const options = optionTable(setting, choose);
  const weights = weightList(setting, moves);
  const toDo = toDoPane(setting, moves, choose);
  const full = fullScreen(root, words);
  root.replaceChildren(el("div", { class: "stage" },
    el("div", { class: "top" },
      el("h2", {}, setting.title), el("p", { class: "basis" }, setting.basis), full.node),
    banner, lost,
    el("div", { class: "board" }, options.node, el("p", { class: "key", "aria-hidden": "true" }, words.key)),
    el("div", { class: "panes" }, weights.node, toDo.node),
    status));

  function draw() {
    setText(what, picture.is_supposed ? words.supposed : words.as_it_is);
    setText(changes, picture.is_supposed ? picture.changes.join(" · ") : words.as_it_is_more);
    root.dataset.supposed = picture.is_supposed ? "1" : "0";
    enable(back, picture.is_supposed);
    options.rows.forEach((row, place) => {
      row.show(picture.options[place], row.fixed.id === chosen, picture.is_supposed);
    });
    for (const row of weights.rows) {
      row.show(picture.weights[row.domain.id], moves.isAhead(`weight ${row.domain.id}`));
    }
    toDo.show(chosen, picture);
  }

  let quiet = 0;
  const announce = (said) => {
    if (!said) return;
    clearTimeout(quiet);
    quiet = setTimeout(() => setText(status, said), QUIET_MS);
  };
  return {
    show(message) {
      picture = message;
      moves.answered(message.number);
      draw();
      announce(message.said);
      root.dataset.shown = String(Number(root.dataset.shown ?? 0) + 1);
      root.dataset.ready = "1";
    },
    end() {
      clearTimeout(quiet);
      moves.end();
      full.end();
    },
  };
}

function render({ model, el: outer }) {
  const root = el("div", { class: "evalkit-live" });
  // JupyterLab takes single letters for commands, also while a slider has the focus.
  root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  outer.append(root);
  let shown = null;
  const receive = (message) => {
    if (message.kind === "setting") {
      shown?.end();
      shown = build(root, message, model);
    } else if (message.kind === "picture") {
      shown?.show(message);
    }
  };
  model.on("msg:custom", receive);
  model.send({ kind: "hello" });
  return () => {
    model.off("msg:custom", receive);
    shown?.end();
  };
}

export default { render };
