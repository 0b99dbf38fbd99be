// Changes of this page, to take back and make again. Typing in one field is one change.

const PAUSE_BETWEEN_CHANGES = 4000;

class Undo {
  constructor(form) {
    this.form = form;
    this.done = [];
    this.undone = [];
    this.group = 0;
  }

  reset() {
    this.done = [];
    this.undone = [];
  }

  note(part, before, after, field) {
    this.undone = [];
    const last = this.done.at(-1);
    const at = performance.now();
    if (field && last && last.field === field && at - last.at < PAUSE_BETWEEN_CHANGES) {
      last.after = after;
      last.at = at;
      return;
    }
    this.done.push({
      part,
      before,
      after,
      field,
      at,
      group: this.form.outbox.held ? this.group : (this.group += 1),
    });
  }

  begin() {
    this.group += 1;
  }

  // A part that somebody else changed: to take an older change of it back would take theirs away.
  forget(part) {
    // What was changed together is taken back together, or an answer would cite a source that is gone.
    const without = (changes) => {
      const groups = new Set(changes.filter((each) => each.part === part).map((each) => each.group));
      return changes.filter((each) => !groups.has(each.group));
    };
    this.done = without(this.done);
    this.undone = without(this.undone);
  }

  undo() {
    return this._move(this.done, this.undone, "before", "Taken back");
  }

  redo() {
    return this._move(this.undone, this.done, "after", "Made again");
  }

  _move(from, to, side, words) {
    if (!from.length) return;
    const { group } = from.at(-1);
    const parts = [];
    this.form.outbox.together(() => {
      while (from.at(-1)?.group === group) {
        const change = from.pop();
        to.push(change);
        change.field = null;
        this.form.put(change.part, putBack(change.part, change[side], this.form.store.content(change.part)));
        parts.push(change.part);
      }
    });
    this.form.say(`${words}: ${[...new Set(parts)].map((part) => partName(this.form, part)).join(", ")}`);
    const place = parts.find((part) => part.startsWith("answers/"));
    if (place) this.form.lists.bring(place.slice(8));
    this.form.showSaving();
  }
}
