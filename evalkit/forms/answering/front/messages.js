// What the kernel says, and what the page makes of it.

const HEARD_BY_ALL = new Set(["saved", "changed"]);

function receive(form, message) {
  if (!message || typeof message.kind !== "string") return;
  form.outbox.hear();
  const isOwn = message.client === form.client;
  if (message.client && !isOwn && !HEARD_BY_ALL.has(message.kind)) return;
  if (!form.evaluation && message.kind !== "state") return;
  RECEIVERS[message.kind]?.(form, message, isOwn);
}

const RECEIVERS = {
  state: (form, message) => form.start(message),
  standing: receiveStanding,
  saved: receiveSaved,
  conflict: receiveConflict,
  changed: receiveChanged,
  "not-saved": (form, { reason, seq }) => form.outbox.fail(reason, seq ?? 0),
  unreadable: (form, { problems }) => form.showUnreadable(problems),
  readable: (form) => form.showUnreadable(null),
  history: (form, { part, entries }) => form.histories.get(part)?.show(entries),
  next: (form, { questions }) => form.lists.showNext(questions),
  created: (form) => form.sheet?.close(),
  "cover-problems": (form, { problems }) => form.sheet?.show(problems.map((each) => ({ hint: "", ...each }))),
  refused: (form, { seq, message }) => {
    const answer = form.actions.get(seq);
    form.actions.delete(seq);
    if (answer) answer.done(message);
    else if ([...form.outbox.sent.values()].some((each) => each.seq === seq)) form.outbox.fail(message, seq);
    else form.say(message);
  },
};

function receiveStanding(form, { standing, problems = {} }) {
  if (!standing) return;
  for (const [part, found] of Object.entries(problems)) form.store.setProblems(part, found);
  if (standing.deployment !== form.deployment) return;
  form.standing = standing;
  form.redraw();
}

// Only a page's own edit counts as acknowledged; another's never overwrites what is not saved here.
function receiveSaved(form, { parts, seq, at }, isOwn) {
  const { store, outbox } = form;
  for (const [part, state] of Object.entries(parts)) {
    if (!isOwn) {
      learnFromElsewhere(form, part, state, "in another page");
      continue;
    }
    const isClean = outbox.acknowledge(part, seq);
    if (isClean && !store.conflicts.has(part)) store.mine.delete(part);
    store.learn(part, state);
  }
  if (isOwn) {
    outbox.savedAt = at;
    outbox.failure = "";
    for (const [number, action] of form.actions) {
      if (number > seq || !(action.part in parts)) continue;
      form.actions.delete(number);
      action.done("");
    }
    form.runWhenClean();
    for (const part of Object.keys(parts)) form.histories.get(part)?.ask();
  }
  keepUnacknowledged(form);
  form.redraw();
}

function learnFromElsewhere(form, part, state, where) {
  const { store, undo } = form;
  const before = store.acknowledged(part);
  if (store.isDirty(part)) return;
  store.learn(part, state);
  if (same(typed(before), typed(state.content))) return;
  undo.forget(part);
  const by = [
    state.content?.answered,
    ...Object.values(state.content?.deployments ?? {}).map((each) => each.answered),
  ]
    .filter(Boolean)
    .sort((one, other) => String(other.on).localeCompare(String(one.on)))[0]?.by;
  const words = `Changed${by && where === "in another page" ? ` by ${by}` : ""} ${where}`;
  store.notes.set(part, words);
  form.bar.showOutside(
    part,
    `${sentence(partName(form, part))}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
  );
}

function receiveChanged(form, { parts, standing }) {
  for (const [part, state] of Object.entries(parts))
    learnFromElsewhere(form, part, state, "outside this page");
  if (standing && standing.deployment === form.deployment) form.standing = standing;
  form.redraw();
}

function receiveConflict(form, { part, theirs, by, at, seq }) {
  const { store, outbox } = form;
  for (const [number, action] of form.actions) {
    if (number !== seq || action.part !== part) continue;
    form.actions.delete(number);
    action.done("It was changed meanwhile. Look at it, then try again.");
    if (!store.isDirty(part)) {
      learnFromElsewhere(form, part, theirs, "outside this page");
      return form.redraw();
    }
  }
  if (!store.mine.has(part)) store.mine.set(part, outbox.last.get(part) ?? null);
  outbox.forget(part);
  store.conflicts.set(part, { theirs, by, at });
  keepUnacknowledged(form);
  form.say(`${sentence(partName(form, part))} was changed by two: choose which change stays`);
  return form.redraw();
}
