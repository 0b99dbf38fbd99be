// Answers as a file, and the way back from each step that overwrites some.

function save() {
  const name = questions.dataset.file;
  const text = `${JSON.stringify(documentNow(), null, 1)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = el("a", { href: address, download: name, hidden: "" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // a browser may ask where to first
  isChanged = false;
  keepDraft();
  for (const entry of entries) check(entry);
  showProgress();
  const given = entries.filter(isAnswered).length;
  const odd = entries.filter((entry) => entry.isOdd);
  const words = `Saved as ${name}, with ${given} of ${plural(entries.length, "answer")}: look among your downloads, and send it back.`;
  if (!odd.length) return tell(words, "good");
  const names = listed([...new Set(odd.map((entry) => entry.question))]);
  const show = el("button", { type: "button", click: () => goTo(odd[0]) }, "Show the first");
  tell(`${words} Still to be mended: ${names}.`, "wait", show);
}

function changed(entry) {
  isChanged = true;
  check(entry, document.activeElement);
  showProgress();
  keepDraftSoon();
  tellState();
}

function restore(all) {
  entries.forEach((entry, at) => (write(entry, all[at]), check(entry)));
  isChanged = true;
  showProgress();
  filter();
  keepDraft();
}

// Does what overwrites answers, and offers to take it back.
function overwrite(words, step) {
  const before = everything();
  const said = step();
  isChanged = true;
  showProgress();
  keepDraft();
  const undo = () => {
    restore(before);
    tell("Taken back.");
  };
  tell(said ?? words, "", el("button", { type: "button", click: undo }, "Undo"));
}

function clear(entry) {
  overwrite(`${entry.question} was cleared.`, () => {
    write(entry, entry.rows.map(blank));
    check(entry);
  });
}

function takeOver(entry) {
  const above = entries[entries.indexOf(entry) - 1];
  overwrite(`The answer above was taken over for ${entry.question}.`, () => {
    write(entry, cellsOf(above));
    check(entry);
  });
}
