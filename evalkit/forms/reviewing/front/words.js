// A row in words and marks. Text of vendors enters the page as textContent only.

const GENERAL = "*";
const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const nameOf = (row) => (row.scope === GENERAL ? row.question : `${row.question} for ${row.scope}`);
const isTroubled = (row) => Boolean(row.stale) || row.is_conflicting || row.is_disputed || row.contradicted > 0;

// What stands against a row: [words, kind of mark].
function marksOf(row) {
  const found = [];
  if (row.status === "draft") found.push(["draft", "warn"]);
  if (row.status === "broken") found.push(["breaks a rule", "bad"]);
  if (row.gate && row.gate !== "not-applicable") found.push([`gate ${row.gate_text.toLowerCase()}`, `g-${row.gate}`]);
  if (row.is_conflicting) found.push(["conflicting", "bad"]);
  else if (row.is_disputed) found.push(["disagrees", "bad"]);
  if (row.contradicted) found.push(["contradicted by what was seen", "bad"]);
  else if (row.observed) found.push([`${row.observed} observed`, ""]);
  if (row.stale) found.push([`expired ${row.stale}`, "warn"]);
  if (row.comments) found.push([plural(row.comments, "comment"), ""]);
  if (row.is_mine) found.push(["answered by you", ""]);
  return found;
}

function whyNotSigned(row, who) {
  if (row.status === "empty") return "There is no answer to sign off.";
  if (row.status === "draft") return "A draft does not count yet; it can be signed off once it is complete.";
  if (row.status === "broken") return "It breaks a rule of the format; mend it in the answering form first.";
  if (row.is_mine) return `You (${who}) answered this; somebody else signs it off (four eyes).`;
  return "";
}

// [head, rest, kind] of the last column.
function reviewOf(row) {
  const who = `${row.reviewed_by}, ${row.reviewed_on}`;
  if (row.status === "signed") return ["✓ Signed off", row.note ? `${who}: ${row.note}` : who, "good"];
  if (row.status === "changed") return [`Changed since ${who}`, row.changed, "bad"];
  if (row.status === "draft") return ["Not complete", "", "quiet"];
  if (row.status === "broken") return ["Cannot be read", "", "quiet"];
  if (row.status === "empty") return ["Nothing to sign off", "", "quiet"];
  return ["Not signed off", row.reviewed_by ? `taken back (${who})` : "", "open"];
}

// `code` in prose becomes an element; nothing else does.
function prose(text) {
  return text.split(/`([^`\n]+)`/).map((piece, place) => (place % 2 ? el("code", {}, piece) : piece));
}

function moment(iso) {
  const at = new Date(iso);
  if (!iso || Number.isNaN(at.getTime())) return iso;
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
