// A saved file -> answers in the form. What belongs to another form is refused; nothing in a file is run.

const LARGEST = 20_000_000;

class RefusedError extends Error {}

// The form that a row is of: evalkit/form/1/evaluation/product/questionnaire@version/digest.
function formOf(row) {
  const parts = typeof row?.form === "string" ? row.form.split("/") : [];
  if (parts.length !== 7 || parts.slice(0, 3).join("/") !== "evalkit/form/1") return null;
  return { evaluation: parts[3], product: parts[4], kind: parts[5].split("@")[0] };
}

function rowsIn(text) {
  let found = null;
  try {
    found = JSON.parse(text);
  } catch {
    throw new RefusedError("It is not a file that this page saved: it is no JSON.");
  }
  if (found === null || found.format !== sent.format || !Array.isArray(found.rows)) {
    throw new RefusedError("It is not a file that such a page saved.");
  }
  const own = formOf(sent.rows[0]);
  for (const row of found.rows) {
    const other = formOf(row);
    if (!other) throw new RefusedError("It has a row that does not say of which form it is.");
    const isOwn = ["evaluation", "product", "kind"].every((key) => other[key] === own[key]);
    if (!isOwn) {
      const [product, evaluation] = [shortened(other.product, 60), shortened(other.evaluation, 60)];
      throw new RefusedError(
        `It belongs to another form: product “${product}” in the evaluation “${evaluation}”.`,
      );
    }
  }
  return found.rows;
}

// Returns cells of each entry, null where the file says nothing of it, and what the file says of other questions.
function sorted(rows) {
  const known = new Map(rows.map((row) => [`${row.id}\n${row.digest}`, row]));
  const isFilledIn = (row) => !isNothing([cellsIn(row)]);
  const taken = new Set();
  const found = entries.map((entry) => {
    const own = entry.rows.map((number) => known.get(`${sent.rows[number].id}\n${sent.rows[number].digest}`));
    if (!own.every(Boolean)) return null;
    own.forEach((row) => taken.add(row));
    return isNothing(own.map(cellsIn)) ? null : own.map(cellsIn);
  });
  const left = rows.filter((row) => !taken.has(row) && isFilledIn(row)).map((row) => String(row.id).split("/")[0]);
  return { found, left: [...new Set(left)].map((name) => shortened(name, 20)) };
}

function apply(found, isAdding) {
  const lost = [];
  let count = 0;
  entries.forEach((entry, at) => {
    const mayWrite = !isAdding || isNothing(cellsOf(entry));
    if (!mayWrite) return;
    if (found[at]) count += 1;
    const missed = write(entry, found[at] ?? entry.rows.map(blank));
    if (missed.length) lost.push(`${entry.question} (${missed.join(", ")})`);
    check(entry);
  });
  filter();
  return { count, lost };
}

const REPLACE = "Replace what is here";
const ADD = "Add what is missing here";

async function load(file) {
  try {
    if (file.size > LARGEST) throw new RefusedError("It is larger than any file that this page saves.");
    const { found, left } = sorted(rowsIn(await file.text()));
    const here = everything().filter((cells) => !isNothing(cells)).length;
    const words = `Answers here: ${here}; in the file: ${found.filter(Boolean).length}.`;
    const chosen = here ? await ask(`Load ${shortened(file.name, 60)}`, words, [ADD, REPLACE, "Cancel"]) : REPLACE;
    if (chosen !== REPLACE && chosen !== ADD) return;
    overwrite("", () => {
      const { count, lost } = apply(found, chosen === ADD);
      const others = left.length ? ` Not taken, since this form does not ask it so: ${listed(left)}.` : "";
      const odd = lost.length ? ` Not understood: ${listed(lost)}.` : "";
      return `${plural(count, "answer")} loaded from ${shortened(file.name, 60)}.${others}${odd}`;
    });
  } catch (error) {
    const why = error instanceof RefusedError ? error.message : "It cannot be read.";
    tell(`${shortened(file.name, 60)} was not loaded. ${why}`, "bad");
  }
}
