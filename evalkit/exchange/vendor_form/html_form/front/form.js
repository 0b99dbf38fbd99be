// The page as a whole: what is pressed and typed, and how it begins.

const picker = byId("file");

async function forget() {
  const words = "All answers in this page go away, and the draft in this browser too. Saved files stay.";
  if ((await ask("Clear the form?", words, ["Clear the form", "Cancel"])) !== "Clear the form") return;
  entries.forEach((entry) => (write(entry, entry.rows.map(blank)), check(entry)));
  isChanged = false;
  forgetDraft();
  showProgress();
  filter();
  tell("The form is empty, and this browser keeps no draft of it.");
}

const DEEDS = {
  save,
  load: () => picker.click(),
  next: goToNextOpen,
  forget,
  clear: (button) => clear(entryAround(button)),
  copy: (button) => takeOver(entryAround(button)),
};

// Of choices that exclude the others, the last one ticked holds.
function exclude(box) {
  for (const { control } of entryAround(box).controls) {
    const isOther = control.type === "checkbox" && control !== box;
    if (isOther && ("alone" in box.dataset || "alone" in control.dataset)) control.checked = false;
  }
}

// A number and a choice that stands for one exclude each other.
function chooseOne(control) {
  for (const other of entryAround(control).controls) {
    if (other.control === control || other.key !== "answer" || other.isAlso) continue;
    if (control.type === "radio" && other.control.type === "text") other.control.value = "";
    if (control.type === "text" && other.control.type === "radio") other.control.checked = false;
  }
}

const growsByItself = CSS.supports("field-sizing", "content");

function grow(area) {
  if (growsByItself) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

questions.addEventListener("input", ({ target }) => {
  if (target.type === "checkbox" && target.checked) exclude(target);
  if (target.type === "radio" || (target.dataset.low !== undefined && target.value)) chooseOne(target);
  if (target.tagName === "TEXTAREA") grow(target);
  changed(entryAround(target));
});
questions.addEventListener("focusout", ({ target }) => {
  const entry = entryAround(target);
  if (!entry || !target.name) return;
  check(entry);
  showProgress();
});
questions.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) DEEDS[button.dataset.do](button);
});
document.addEventListener("keydown", (event) => {
  const isSave = event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey);
  if (!isSave || event.altKey || event.shiftKey) return;
  event.preventDefault(); // the browser would save the page, without the answers
  save();
});
onlyOpen.addEventListener("change", filter);
picker.addEventListener("change", async () => {
  const [file] = picker.files;
  if (file) await load(file);
  picker.value = ""; // else the same file could not be chosen again
});
window.addEventListener("beforeunload", (event) => {
  keepDraftNow();
  if (isChanged) event.preventDefault();
});
window.addEventListener("pagehide", keepDraftNow);
window.addEventListener("beforeprint", () => questions.querySelectorAll("textarea").forEach(grow));
window.addEventListener("storage", ({ key }) => {
  if (key === DRAFT)
    tell("This form is open in another window too, and the last one typed in keeps its draft.", "wait");
});

function begin() {
  const kept = draft();
  const cells = (row) => cellsIn(kept?.cells[row.id] ?? row);
  for (const entry of entries) write(entry, entry.rows.map((number) => cells(sent.rows[number])));
  for (const area of questions.querySelectorAll("textarea")) if (area.value) grow(area);
  for (const entry of entries) check(entry);
  document.documentElement.classList.add("scripted");
  bar.hidden = false;
  if (!keepsDraft) {
    byId("keeps").textContent =
      "This browser keeps no draft of it: save as file before you close the page, and load that file to go on.";
  }
  if (kept && Object.keys(kept.cells).length) {
    isChanged = kept.isChanged === true;
    const begun = everything().filter((each) => !isNothing(each)).length;
    tell(`Going on from the draft in this browser, with ${plural(begun, "answer")}.`);
  } else tell("Nothing is filled in yet.");
  showProgress();
}

begin();
