// How far the vendor has come, and the way to what is left.

const onlyOpen = byId("only-open");

function standingOf(entry, answered) {
  if (answered) return "answered";
  if (entry.isOdd) return "to be mended";
  return isNothing(cellsOf(entry)) ? "" : "begun";
}

function showProgress() {
  const done = new Map();
  let total = 0;
  for (const entry of entries) {
    const answered = isAnswered(entry);
    const [some, all] = done.get(entry.section) ?? [0, 0];
    done.set(entry.section, [some + (answered ? 1 : 0), all + 1]);
    total += answered ? 1 : 0;
    entry.node.classList.toggle("answered", answered);
    const said = entry.node.querySelector(".mark");
    const words = standingOf(entry, answered);
    if (said.textContent !== words) said.textContent = words;
  }
  byId("count").textContent = `${total} of ${plural(entries.length, "answer")} given`;
  byId("share").value = total;
  for (const [section, [some, all]] of done) {
    const count = document.querySelector(`[data-chapter="${section.id.slice("domain-".length)}"]`);
    count.textContent = `${some} of ${all}`;
    count.classList.toggle("full", some === all);
  }
}

// Chosen when the switch is turned, so that nothing goes away under the hands of whoever answers it.
function filter() {
  for (const entry of entries) entry.node.classList.toggle("left-out", onlyOpen.checked && isAnswered(entry));
  for (const article of questions.querySelectorAll("article")) {
    article.classList.toggle("left-out", !article.querySelector(".entry:not(.left-out)"));
  }
  for (const section of questions.querySelectorAll("section")) {
    section.querySelector(".all-done").hidden = section.querySelector(".entry:not(.left-out)") !== null;
  }
}

// The bar is as high as its words need: what is gone to stands below it.
const bar = document.querySelector(".bar");
const barHeight = () => (getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0);
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${barHeight()}px`)).observe(bar);

// Where the keys are, or else the first that is not above the window.
function currentEntry() {
  const focused = document.activeElement?.closest(".entry");
  if (focused) return entries.indexOf(entryOfNode.get(focused));
  return entries.findIndex((entry) => entry.node.getBoundingClientRect().bottom > barHeight() + 40) - 1;
}

function goTo(entry) {
  for (const node of [entry.node, entry.node.closest("article")]) node.classList.remove("left-out");
  const { control } = entry.controls[0];
  control.focus({ preventScroll: true });
  const article = entry.node.closest("article");
  const isFirst = article.querySelector(".entry:not(.left-out)") === entry.node;
  (isFirst ? article : entry.node).scrollIntoView({ block: "start" });
}

function goToNextOpen() {
  const from = currentEntry() + 1;
  const next = [...entries.slice(from), ...entries.slice(0, from)].find((entry) => !isAnswered(entry));
  if (next) goTo(next);
  else tell("Everything is answered. Save as file, and send it back.");
}
