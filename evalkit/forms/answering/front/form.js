// The form: what its pieces share, and the entry that a widget calls.

class Form {
  constructor(model, root) {
    Object.assign(this, { model, root, client: crypto.randomUUID?.() ?? String(Math.random()).slice(2) });
    Object.assign(this, {
      evaluation: null,
      instrument: null,
      standing: null,
      deployment: null,
      current: null,
      sheet: null,
      who: "",
      today: "",
    });
    this.questions = new Map();
    this.domains = new Map();
    this.domainOf = new Map();
    this.histories = new Map();
    this.actions = new Map(); // seq -> {part, done} of a comment, a sign-off, …
    this.afterwards = []; // what waits until a part is saved
    this.store = new Store();
    this.outbox = new Outbox(this);
    this.undo = new Undo(this);
    this.bar = barView(this);
    this.lists = new Lists(this);
    this.banner = el("div", { class: "banner", role: "alert", hidden: true });
    this.waiting = el("p", { class: "waiting", role: "status" }, "Asking the kernel for the answers…");
    root.classList.add("evalkit-form");
    root.setAttribute("data-lm-suppress-shortcuts", "true");
    root.append(this.waiting);
    attendKeys(this);
  }

  // The whole state: at the start, after a reconnection, of another product.
  start(message) {
    const isOther =
      message.product !== this.product ||
      message.evaluation.folder !== this.evaluation?.folder ||
      message.assessor !== this.assessor;
    const mine = isOther
      ? new Map()
      : new Map([...this.store.mine].map(([part, content]) => [part, [this.store.revision(part), content]]));
    const { evaluation, product, who, today, instrument, standing } = message;
    Object.assign(this, {
      evaluation,
      product,
      who,
      today,
      instrument,
      standing,
      assessor: message.assessor,
    });
    this.file = message.file ?? product;
    this.deployment = standing?.deployment ?? this.deployment;
    this.domains = new Map(instrument.domains.map((domain) => [domain.id, domain]));
    this.questions = new Map(
      instrument.domains.flatMap((domain) => domain.questions).map((question) => [question.id, question]),
    );
    this.domainOf = new Map(
      instrument.domains.flatMap(({ id, questions }) => questions.map((question) => [question.id, id])),
    );
    this.histories.clear();
    this.store.reset(message.parts);
    this.outbox.sent.clear();
    this.outbox.unsent.clear();
    this.outbox.failure = "";
    this.outbox.failed = 0;
    if (isOther) {
      this.undo.reset();
      this.outbox.savedAt = "";
    }
    for (const [part, [base, content]] of mine) adopt(this, part, base, content);
    adoptUnacknowledged(this, isOther);
    const hadFocus = this.root.contains(document.activeElement);
    this._place(isOther);
    if (hadFocus && !this.root.contains(document.activeElement)) this._focusAgain();
    if (message.why) this.bar.showWords(message.why);
    this.outbox.flush();
    keepKeysFrom(this.root.closest(".evalkit-root") ?? this.root);
  }

  _place(isOther) {
    const place = isOther
      ? keptPlace(this)
      : { tab: this.lists.tab, deployment: this.deployment, question: this.current };
    this.lists.reset();
    const first = [...this.domains.keys()][0];
    this.lists.tab = this.domains.has(place.tab) || place.tab === "product" ? place.tab : first;
    if (this.waiting.isConnected) this.root.replaceChildren(this.banner, this.bar.node, this.lists.node);
    this.bar.update();
    this.lists.show();
    if (
      place.deployment &&
      place.deployment !== this.deployment &&
      this.deployments().some((each) => each.id === place.deployment)
    )
      this.choose(place.deployment);
    if (isOther && place.question && this.lists.visible.includes(place.question))
      this.current = place.question;
    requestAnimationFrame(() => setTimeout(() => (this.root.dataset.ready = "1")));
  }

  // Where the questions were built anew under somebody's hands.
  _focusAgain() {
    if (this.current && this.lists.visible.includes(this.current)) this.lists.go(this.current);
    else this.bar.focus();
  }

  deployments() {
    return this.store.content("deployments") ?? [];
  }

  deploymentName(id) {
    return this.deployments().find((each) => each.id === id)?.name ?? id;
  }

  applies(id) {
    return this.standing?.questions?.[id]?.applies !== false;
  }

  // Of the chosen option, as it is on this page: figures know it a moment later, and nothing of drafts.
  stateOf(id) {
    const content = this.store.content(`answers/${id}`) ?? {};
    return stateOf(statementOf(content, ownStatement(content, this.deployment) ? this.deployment : GENERAL));
  }

  isAnswered(id) {
    return ["answered", "conflicting"].includes(this.stateOf(id)) && !this.store.isDraft(`answers/${id}`);
  }

  // Somebody said something: a value, or that there is none to be found.
  isDone(id) {
    return this.stateOf(id) !== "unanswered";
  }

  // Change a part as somebody asked; `field` joins what is typed in one field to one change.
  edit(part, change, { field = null, fallback = {} } = {}) {
    const before = this.store.content(part);
    const content = clone(before) ?? clone(fallback);
    const made = change(content);
    const after = made === null ? null : tidy(part, content);
    if (same(before, after)) return;
    this.undo.note(part, clone(before), clone(after), field);
    this.put(part, after, { isTyped: field !== null });
  }

  put(part, content, { isTyped = false, isUndoable = false } = {}) {
    if (isUndoable) this.undo.note(part, clone(this.store.content(part)), clone(content), null);
    this.store.mine.set(part, content);
    const isBack =
      same(typed(content), typed(this.store.acknowledged(part))) &&
      !this.outbox.sent.has(part) &&
      !this.store.conflicts.has(part);
    if (isBack) {
      this.store.mine.delete(part);
      this.outbox.forget(part);
      keepUnacknowledged(this);
    } else this.outbox.touch(part, isTyped);
    this.refresh(part);
    this.showSaving();
  }

  batch(work) {
    this.undo.begin();
    this.outbox.together(work);
  }

  choose(deployment) {
    this.deployment = deployment;
    this.outbox.post({ kind: "look", deployment });
    keepPlace(this);
    this.redraw();
  }

  // Both sides of a conflict are there until one is chosen.
  settle(part, side) {
    const { theirs } = this.store.conflicts.get(part);
    const mine = this.store.content(part);
    this.store.conflicts.delete(part);
    this.store.learn(part, theirs ?? { content: null });
    this.undo.forget(part);
    const own = clone(theirs?.content ?? null);
    if (side === "theirs") this.undo.note(part, clone(mine), own, null);
    else this.undo.note(part, own, clone(mine), null);
    if (side === "theirs") {
      this.store.mine.delete(part);
      this.outbox.forget(part);
      keepUnacknowledged(this);
      this.outbox.post({ kind: "look", deployment: this.deployment });
    } else {
      this.store.mine.set(part, putBack(part, mine, theirs?.content));
      this.outbox.touch(part, false);
    }
    this.refresh(part);
    this.showSaving();
    this.focusPart(part);
  }

  // A comment, a sign-off, …: `done` hears why it was refused, or "".
  act(message, done = () => {}) {
    const seq = this.outbox.act(message);
    this.actions.set(seq, { part: message.part ?? `answers/${message.question}`, done });
    return seq;
  }

  whenClean(part, work) {
    if (!this.store.isDirty(part)) return work();
    this.afterwards.push({ part, work });
    return this.outbox.flush();
  }

  runWhenClean() {
    const ready = this.afterwards.filter(({ part }) => !this.store.isDirty(part));
    this.afterwards = this.afterwards.filter((each) => !ready.includes(each));
    for (const { work } of ready) work();
  }

  refresh(part) {
    this.lists.refresh(part);
    if (part === "product" || part === "deployments") this.bar.update();
  }

  markProblems(id) {
    this.lists.views.get(id)?.mark();
  }

  redraw() {
    this.bar.update();
    this.lists.update();
  }

  showSaving() {
    if (!this.evaluation) return;
    this.bar.update();
  }

  say(words) {
    if (words) this.bar.say(words);
  }

  help() {
    showHelp(this);
  }

  goToPart(part) {
    if (part.startsWith("answers/")) return this.lists.go(part.slice(8));
    this.lists.open("product");
    return this.focusPart(part);
  }

  focusPart(part) {
    const place = this.root.querySelector(`[data-part="${CSS.escape(part)}"]`);
    place?.focus({ preventScroll: true });
    if (place) bringIntoView(this, place, "nearest");
  }

  showUnreadable(problems) {
    this.banner.hidden = !problems;
    if (!problems) return this.banner.replaceChildren();
    return this.banner.replaceChildren(
      el(
        "p",
        {},
        el("b", {}, "The file cannot be read at the moment. "),
        "What you change is kept in this page and saved once the file is right again.",
      ),
      listOf(problems),
    );
  }

  close() {
    this.outbox.flush();
    if (this.store.mine.size) this.outbox.post({ kind: "flush" });
    this.outbox.stop();
    LIVE.delete(this.client);
  }
}

function render({ model, el: place }) {
  let root = el("div", {});
  place.append(root);
  let form = new Form(model, root);
  LIVE.add(form.client);
  const heard = (message) => receive(form, message);
  const connection = () => form.outbox.connection(model.comm_live);
  const leave = () => {
    form.outbox.flush();
    if (form.store.mine.size) form.outbox.post({ kind: "flush" });
  };
  // What could not be sent outlives the page only in this tab.
  const warn = (event) => {
    const { outbox, store } = form;
    if (store.mine.size && (outbox.gone || outbox.failure || store.conflicts.size)) event.preventDefault();
  };
  const hide = () => document.visibilityState === "hidden" && leave();
  model.on("msg:custom", heard);
  model.on("comm_live_update", connection);
  window.addEventListener("pagehide", leave);
  window.addEventListener("beforeunload", warn);
  document.addEventListener("visibilitychange", hide);
  form.outbox.post({ kind: "hello", deployment: null });
  return () => {
    form.close();
    model.off?.("msg:custom", heard);
    model.off?.("comm_live_update", connection);
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("beforeunload", warn);
    document.removeEventListener("visibilitychange", hide);
    // JupyterLab keeps hold of outputs that were replaced, and of this function; of no more than that.
    root.replaceChildren();
    root.remove();
    root = form = null;
  };
}

export default { render };
