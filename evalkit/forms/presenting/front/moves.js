// One move at a time is under way; of those that wait, only the last of each control.

const ANSWER_WITHIN_MS = 10_000;

class Moves {
  constructor(model, lost) {
    this.model = model;
    this.lost = lost;
    this.client = Math.random().toString(36).slice(2);
    this.count = 0;
    this.underWay = null;
    this.control = null;
    this.waiting = new Map();
  }

  send(control, message) {
    this.waiting.delete(control);
    this.waiting.set(control, message);
    this.next();
  }

  // What is asked for by "back" undoes whatever waits.
  only(control, message) {
    this.waiting.clear();
    this.send(control, message);
  }

  next() {
    if (this.underWay !== null || this.waiting.size === 0) return;
    const [control, message] = this.waiting.entries().next().value;
    this.waiting.delete(control);
    this.control = control;
    this.count += 1;
    this.underWay = `${this.client}-${this.count}`;
    this.timer = setTimeout(() => this.lost(true), ANSWER_WITHIN_MS);
    this.model.send({ ...message, number: this.underWay });
  }

  answered(number) {
    if (number !== this.underWay) return;
    clearTimeout(this.timer);
    this.lost(false);
    this.underWay = null;
    this.control = null;
    this.next();
  }

  // Whether a control has moved on since: what the kernel says of it is older.
  isAhead(control) {
    return this.control === control || this.waiting.has(control);
  }

  end() {
    clearTimeout(this.timer);
    this.waiting.clear();
  }
}
