// Edits that no kernel acknowledged outlive the page in sessionStorage, and are offered to the next one.

const LIVE = (window[Symbol.for("evalkit.answering.pages")] ??= new Set());

const shelf = (form) => `evalkit-form:${form.evaluation.folder}:${form.file}:`;

function stored(work) {
  try {
    return work(window.sessionStorage);
  } catch {
    return null; // storage may be full or forbidden; the edits are still in the page
  }
}

function keepUnacknowledged(form) {
  if (!form.evaluation) return;
  const edits = {};
  for (const [part, content] of form.store.mine) edits[part] = { base: form.store.revision(part), content };
  const key = shelf(form) + form.client;
  stored((storage) =>
    Object.keys(edits).length ? storage.setItem(key, JSON.stringify(edits)) : storage.removeItem(key),
  );
}

// Edits of pages that are gone: sent again where nobody changed the part since, else a conflict.
// `isOther`: the page comes back to a product in which it left some itself.
function adoptUnacknowledged(form, isOther) {
  const keys = stored((storage) => Object.keys(storage).filter((key) => key.startsWith(shelf(form)))) ?? [];
  for (const key of keys) {
    const client = key.slice(shelf(form).length);
    if (client === form.client ? !isOther : LIVE.has(client)) continue;
    const edits = stored((storage) => JSON.parse(storage.getItem(key))) ?? {};
    for (const [part, { base, content }] of Object.entries(edits)) adopt(form, part, base, content);
    stored((storage) => storage.removeItem(key));
    keepUnacknowledged(form);
  }
}

function adopt(form, part, base, content) {
  const { store, outbox } = form;
  if (same(typed(store.content(part)), typed(content))) return;
  store.mine.set(part, content);
  if (store.revision(part) === base) outbox.unsent.set(part, performance.now());
  else store.conflicts.set(part, { theirs: store.known.get(part) ?? null, by: "", at: "" });
}

const placeKey = (form) => `evalkit-form-place:${form.evaluation.folder}:${form.file}`;

function keepPlace(form) {
  if (!form.evaluation) return;
  const place = { deployment: form.deployment, tab: form.lists.tab, question: form.current };
  stored((storage) => storage.setItem(placeKey(form), JSON.stringify(place)));
}

const keptPlace = (form) => stored((storage) => JSON.parse(storage.getItem(placeKey(form)))) ?? {};
