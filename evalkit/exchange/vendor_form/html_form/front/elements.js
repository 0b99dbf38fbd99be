// Elements and words. Text of files and of vendors enters the page as textContent and as value, never as markup.

const byId = (id) => document.getElementById(id);

// el("button", { type: "button", click: () => … }, "Undo"): functions are listeners.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function listed(words) {
  const some = words.slice(0, 6).join(", ");
  return words.length > 6 ? `${some} and ${words.length - 6} more` : some;
}

let freshCount = 0;
const freshId = (prefix) => `${prefix}-${++freshCount}`;

// What the page says of itself stands in one line; a button beside it takes back or leads on.
function tell(words, kind = "", ...buttons) {
  const line = byId("state");
  if (line.textContent === words && line.className === kind && !buttons.length) return; // said once is enough
  line.className = kind;
  line.replaceChildren(words, ...buttons.flatMap((button) => [" ", button]));
}

// Returns the word of the button that was pressed; undefined where none was.
function ask(title, words, choices) {
  const dialog = byId("ask");
  return new Promise((resolve) => {
    const buttons = choices.map((choice) =>
      el("button", { type: "button", click: () => dialog.close(choice) }, choice),
    );
    byId("ask-title").textContent = title;
    dialog.querySelector("p").textContent = words;
    dialog.querySelector(".actions").replaceChildren(...buttons);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue || undefined), { once: true });
    dialog.showModal();
  });
}
