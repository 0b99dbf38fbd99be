// What a filter lets through, in which order, and what a search finds.

const FILTERS = [
  ["unanswered", "Unanswered"],
  ["gates", "Open gates"],
  ["triage", "Triage"],
  ["weakest", "Weakest evidence"],
  ["drafts", "Drafts"],
  ["commented", "Commented"],
  ["next", "Most valuable next"],
];

const FILTER_OF = {
  unanswered: (form, id) => form.applies(id) && !form.isDone(id),
  gates: (form, id) =>
    (form.standing?.gates ?? []).some(
      (gate) => gate.question === id && ["open", "fail"].includes(gate.result),
    ),
  triage: (form, id) => form.questions.get(id).triage && form.applies(id),
  weakest: (form, id) => form.applies(id) && form.isAnswered(id),
  drafts: (form, id) => form.store.isDraft(`answers/${id}`),
  commented: (form, id) => (form.store.content(`answers/${id}`)?.comments ?? []).length > 0,
};

function weakestFirst(form, ids) {
  const rank = (id) =>
    form.instrument.classes.find((each) => each.id === form.standing?.questions?.[id]?.class)?.rank ?? 0;
  const weight = (id) => form.standing?.questions?.[id]?.weight ?? form.questions.get(id).weight;
  form.lists.reasons = new Map(
    ids.map((id) => [
      id,
      `Rests on ${className(form, form.standing?.questions?.[id]?.class ?? "none")} evidence; weight ${form.questions.get(id).weight} of 5`,
    ]),
  );
  return [...ids].sort((one, other) => rank(one) - rank(other) || weight(other) - weight(one));
}

function holds(form, id, query) {
  const question = form.questions.get(id);
  const content = form.store.content(`answers/${id}`) ?? {};
  const findings = [content, ...Object.values(content.deployments ?? {})].map((each) => each.finding ?? "");
  const choices = [
    ...(question.levels ?? []).map((each) => `${each.label} ${each.text}`),
    ...(question.options ?? []).map((each) => `${plainWord(each.id)} ${each.text}`),
  ];
  const text = [id, question.title, question.question, ...findings, ...choices].join(" ").toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
