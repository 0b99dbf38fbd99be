// What the kernel said about each part, and what this page made of it since.

class Store {
  constructor() {
    this.known = new Map(); // part -> {content, revision, draft, problems}, as the kernel last said
    this.mine = new Map(); // part -> content that the kernel has not acknowledged
    this.conflicts = new Map(); // part -> {theirs, by, at}
    this.notes = new Map(); // part -> words about a change that came from elsewhere
  }

  reset(parts) {
    this.known = new Map(Object.entries(parts));
    this.mine.clear();
    this.conflicts.clear();
    this.notes.clear();
  }

  content(part) {
    return this.mine.has(part) ? this.mine.get(part) : (this.known.get(part)?.content ?? null);
  }

  acknowledged(part) {
    return this.known.get(part)?.content ?? null;
  }

  revision(part) {
    return this.known.get(part)?.revision ?? "";
  }

  isDirty(part) {
    return this.mine.has(part);
  }

  isDraft(part) {
    return this.known.get(part)?.draft ?? false;
  }

  problems(part) {
    return this.known.get(part)?.problems ?? [];
  }

  setProblems(part, problems) {
    const state = this.known.get(part) ?? { content: null, revision: "", draft: false, problems: [] };
    this.known.set(part, { ...state, problems });
  }

  learn(part, state) {
    if (state.content === null) this.known.delete(part);
    else this.known.set(part, state);
  }

  // Keys of sources that there are, those of this page included.
  sourceKeys() {
    const parts = new Set([...this.known.keys(), ...this.mine.keys()]);
    return [...parts]
      .filter((part) => part.startsWith("sources/") && this.content(part) !== null)
      .map((part) => part.slice(8));
  }
}
