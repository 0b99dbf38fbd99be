// Contents of parts, in the shape of the file: plain values, compared and changed without a page.

const GENERAL = "*";
const clone = (value) => (value === undefined ? undefined : structuredClone(value));

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const keys = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

const same = (one, other) => canonical(one) === canonical(other);

const isNothing = (value) => value === undefined || value === null || value === "";

function withoutNothing(content) {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => !isNothing(value)));
}

function tidyStatement(statement) {
  const kept = withoutNothing(statement);
  if (Array.isArray(kept.value) && kept.value.length === 0) delete kept.value;
  if (kept.evidence) {
    kept.evidence = kept.evidence.map((item) => {
      const own = withoutNothing(item);
      if (own.deployments?.length === 0) delete own.deployments;
      return own;
    });
  }
  for (const name of ["evidence", "comments"]) if (kept[name]?.length === 0) delete kept[name];
  return kept;
}

// Content as it is sent: empty fields are left out; null where nothing is left.
function tidy(part, content) {
  if (content === null || content === undefined) return null;
  if (!part.startsWith("answers/"))
    return Array.isArray(content) ? content.map(withoutNothing) : withoutNothing(content);
  const kept = tidyStatement(content);
  if (kept.deployments) {
    kept.deployments = Object.fromEntries(
      Object.entries(kept.deployments).map(([id, statement]) => [id, tidyStatement(statement)]),
    );
    if (Object.keys(kept.deployments).length === 0) delete kept.deployments;
  }
  return Object.keys(kept).length ? kept : null;
}

// What a record holds under a name from a file; every object knows names such as “constructor” by birth.
const heldIn = (record, name) => (record && Object.hasOwn(record, name) ? record[name] : undefined);

const ownStatement = (content, deployment) => heldIn(content?.deployments, deployment);

function statementOf(content, scope) {
  return (scope === GENERAL ? content : ownStatement(content, scope)) ?? {};
}

function stateOf(statement) {
  if (statement.state) return statement.state;
  if (Array.isArray(statement.value) && statement.value.length === 0) return "unknown";
  return isNothing(statement.value) ? "unanswered" : "answered";
}

// What somebody typed or chose, without what the kernel keeps beside it.
function typed(content) {
  if (!content || Array.isArray(content)) return content;
  const { answered, reviewed, comments, deployments, ...own } = content;
  if (!deployments) return own;
  return {
    ...own,
    deployments: Object.fromEntries(Object.entries(deployments).map(([id, it]) => [id, typed(it)])),
  };
}

// An earlier content of an answer, with the remarks that were made since.
function putBack(part, earlier, now) {
  if (!part.startsWith("answers/")) return clone(earlier);
  const content = clone(earlier) ?? {};
  delete content.comments;
  if (now?.comments) content.comments = clone(now.comments);
  return tidy(part, content);
}

function copyOfStatement(statement) {
  const { answered, reviewed, comments, deployments, ...own } = clone(statement);
  return own;
}

function slug(text) {
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48)
    .replace(/-+$/, "");
}

function freeKey(stem, taken) {
  let key = stem || "source";
  for (let number = 2; taken.has(key); number += 1) key = `${stem || "source"}-${number}`;
  return key;
}
