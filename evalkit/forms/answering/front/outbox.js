// Edits on their way: choices go at once, text after a quiet moment; what is not acknowledged is known.

const QUIET = 300;
const LONGEST_WAIT = 2000;
const GONE_AFTER = 5000;

class Outbox {
  constructor(form) {
    this.form = form;
    this.seq = 0;
    this.unsent = new Map(); // part -> time of its first change
    this.sent = new Map(); // part -> {seq, at}
    this.last = new Map(); // part -> content last sent
    this.heard = performance.now();
    this.failure = "";
    this.failed = 0; // number of the last message of which the kernel said that it could not be saved
    this.gone = false;
    this.savedAt = "";
    this.held = 0;
  }

  touch(part, isTyped) {
    if (!this.unsent.has(part)) this.unsent.set(part, performance.now());
    keepUnacknowledged(this.form);
    clearTimeout(this.timer);
    if (this.held) return;
    if (!isTyped) this.flush();
    else
      this.timer = setTimeout(
        () => this.flush(),
        Math.max(0, Math.min(QUIET, this._oldest() + LONGEST_WAIT - performance.now())),
      );
    this.form.showSaving();
  }

  // Several edits as one message.
  together(work) {
    this.held += 1;
    try {
      work();
    } finally {
      this.held -= 1;
    }
    if (!this.held) this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    const parts = [...this.unsent.keys()].filter((part) => !this.form.store.conflicts.has(part));
    if (parts.length) this._send(parts);
    this.form.showSaving();
  }

  // What was sent and not acknowledged once more: a kernel that was away may have missed it.
  sendAgain() {
    const parts = [...this.form.store.mine.keys()].filter((part) => !this.form.store.conflicts.has(part));
    if (parts.length) this._send(parts);
  }

  act(message) {
    this.seq += 1;
    this.post({ ...message, seq: this.seq, deployment: this.form.deployment });
    return this.seq;
  }

  post(message) {
    try {
      this.form.model.send({ ...message, client: this.form.client });
    } catch {
      this._isGone();
    }
  }

  // Whether the kernel heard of the last change of a part; a newer one may be on its way.
  acknowledge(part, seq) {
    const sent = this.sent.get(part);
    if (sent && seq >= sent.seq) this.sent.delete(part);
    return !this.sent.has(part) && !this.unsent.has(part);
  }

  // The kernel has it and cannot save it: it is there, and says so again when it is asked to try again.
  fail(reason, seq) {
    this.failure = reason;
    this.failed = Math.max(this.failed, seq);
    this._watch();
    this.form.showSaving();
  }

  retry() {
    this.failed = 0;
    const at = performance.now();
    for (const each of this.sent.values()) each.at = at;
    this.post({ kind: "retry" });
    this._watch();
  }

  forget(part) {
    this.sent.delete(part);
    this.unsent.delete(part);
  }

  hear() {
    this.heard = performance.now();
    if (!this.gone) return;
    this.gone = false;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.sendAgain(), 500);
    this.form.showSaving();
  }

  // Of a widget's connection: it is known to be cut, or may be.
  connection(isLive) {
    if (isLive === false) this._isGone();
    else this.post({ kind: "look", deployment: this.form.deployment });
  }

  stop() {
    for (const timer of [this.timer, this.again, this.watch]) clearTimeout(timer);
  }

  _send(parts) {
    const { store } = this.form;
    this.seq += 1;
    const edits = parts.map((part) => ({ part, base: store.revision(part), content: store.content(part) }));
    for (const { part, content } of edits) {
      this.unsent.delete(part);
      this.sent.set(part, { seq: this.seq, at: performance.now() });
      this.last.set(part, clone(content));
    }
    this.post({ kind: "edit", seq: this.seq, deployment: this.form.deployment, edits });
    this._watch();
  }

  _watch() {
    clearTimeout(this.watch);
    const open = [...this.sent.values()].filter((each) => each.seq > this.failed);
    if (!open.length) return;
    const since = Math.max(this.heard, Math.min(...open.map((each) => each.at)));
    const left = since + GONE_AFTER - performance.now();
    if (left <= 0) this._isGone();
    else this.watch = setTimeout(() => this._watch(), left + 20);
  }

  _oldest() {
    return Math.min(...this.unsent.values());
  }

  _isGone() {
    this.gone = true;
    this.form.showSaving();
  }
}
