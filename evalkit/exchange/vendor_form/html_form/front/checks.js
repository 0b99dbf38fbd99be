// What would be rejected when the file is read, said at the field while it can still be mended.

const WHOLE = /^-?[0-9]+$/;
const DECIMAL = /^-?[0-9]+[.,][0-9]+$/;
const THOUSANDS = /^-?[1-9][0-9]{0,2}[.,][0-9]{3}$/;

function numberProblem(text, low, high) {
  if (THOUSANDS.test(text))
    return "This may mean thousands or decimals: write it without a separator, or with another number of decimals.";
  if (!WHOLE.test(text) && !DECIMAL.test(text)) return "Write digits only, without a unit or a separator.";
  const value = Number(text.replace(",", "."));
  return value < low || value > high ? `Write a number from ${low} to ${high}.` : "";
}

function hostsProblem(text) {
  const lines = text.split("\n").map((line) => line.trim());
  const odd = lines.find((line) => /[\s,;]/.test(line));
  return odd === undefined ? "" : `“${shortened(odd, 40)}” is not one host: write one per line.`;
}

function problemOf(entry, { control }) {
  const text = control.value.trim();
  if (control.type === "date") return control.validity.badInput ? "Give day, month and year, or none." : "";
  if (control.type === "text" && control.dataset.low !== undefined) {
    return text && numberProblem(text, Number(control.dataset.low), Number(control.dataset.high));
  }
  if (control.classList.contains("hosts")) return hostsProblem(text);
  if (control.dataset.part === "purposes_given" && !text) {
    const documented = entry.controls.find((each) => each.control.dataset.part === "documented");
    return documented?.control.value.trim() ? "Hosts are listed: say yes or no." : "";
  }
  return "";
}

function mark(control, words) {
  let said = control.parentElement.querySelector(".problem");
  if (!words) {
    if (said) said.remove();
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
    return;
  }
  if (!said) {
    said = el("span", { class: "problem", id: freshId("problem") });
    control.after(said);
  }
  if (said.textContent !== words) said.textContent = words;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", said.id);
}

// Marks what would be rejected, unless somebody is still typing there.
function check(entry, typing = null) {
  entry.isOdd = false;
  for (const each of entry.controls) {
    const words = problemOf(entry, each);
    if (words) entry.isOdd = true;
    if (each.control !== typing || !words) mark(each.control, words);
  }
}
