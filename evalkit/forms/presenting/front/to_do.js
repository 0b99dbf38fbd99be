// What is to be done for one option of the short list, as if it were done.

class ToDoList {
  constructor(fixed, words, moves) {
    this.fixed = fixed;
    this.boxes = new Map();
    this.node = el("div", { class: "to-do-list", "data-option": fixed.id, hidden: true });
    if (fixed.empty) this.node.append(el("p", { class: "empty" }, fixed.empty));
    for (const group of ["evidence", "deploy"]) {
      const own = fixed.to_do.filter((each) => each.group === group);
      if (own.length === 0) continue;
      this.node.append(el("h4", {}, words[group]),
        el("ul", { class: "ticks" }, ...own.map((each) => this.line(each, words, moves))));
    }
  }

  line(each, words, moves) {
    const option = this.fixed.id;
    const box = el("input", {
      type: "checkbox",
      change: () => moves.send(`tick ${option} ${each.key}`,
        { kind: "tick", option, key: each.key, on: box.checked }),
    });
    this.boxes.set(each.key, box);
    return el("li", {}, el("label", {}, box, el("span", { class: "text" },
      el("span", { class: "what" }, each.what),
      each.closes_gate ? chip(words.closes_gate, "gate-chip") : null,
      each.about ? el("span", { class: "about" }, each.about) : null)));
  }

  show(now, moves) {
    const done = new Set(now.done);
    for (const [key, box] of this.boxes) {
      if (!moves.isAhead(`tick ${this.fixed.id} ${key}`)) box.checked = done.has(key);
    }
  }
}

function toDoPane(setting, moves, choose) {
  const { words } = setting;
  const lists = setting.options.map((fixed) => new ToDoList(fixed, words, moves));
  const tabs = setting.options.map((fixed) => {
    const ticked = el("span", { class: "ticked" });
    const node = el("button", { type: "button", class: "choice", click: () => choose(fixed.id) },
      el("span", { class: "letter" }, fixed.letter), " ", ticked);
    return { id: fixed.id, node, ticked, name: fixed.name };
  });
  let chosen = null;
  const every = (on) => {
    for (const control of [...moves.waiting.keys()]) {
      if (control.startsWith(`tick ${chosen} `)) moves.waiting.delete(control);
    }
    moves.send(`every ${chosen}`, { kind: "every", option: chosen, on });
  };
  const all = button(words.every, () => every(true), { class: "quiet" });
  const none = button(words.none, () => every(false), { class: "quiet" });
  const about = el("p", { class: "about-option" });
  const node = el("section", { class: "to-do", "aria-label": words.to_do },
    el("div", { class: "pane-head" }, el("h3", {}, words.to_do),
      el("div", { class: "choices", role: "group", "aria-label": words.option },
        ...tabs.map((tab) => tab.node))),
    el("div", { class: "pane-line" }, about, el("span", { class: "both" }, all, none)),
    el("div", { class: "scroll" }, ...lists.map((list) => list.node)));
  const show = (option, picture) => {
    chosen = option;
    lists.forEach((list, place) => {
      list.node.hidden = list.fixed.id !== option;
      list.show(picture.options[place], moves);
    });
    tabs.forEach((tab, place) => {
      tab.node.setAttribute("aria-pressed", String(tab.id === option));
      tab.node.setAttribute("aria-label", `${tab.name}, ${picture.options[place].ticked}`);
      setText(tab.ticked, picture.options[place].ticked_short);
      if (tab.id === option) setText(about, words.to_do_hint);
    });
    const own = lists.find((list) => list.fixed.id === option);
    for (const each of [all, none]) each.hidden = own.boxes.size === 0;
  };
  return { show, node };
}
