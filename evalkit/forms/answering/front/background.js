// What stands behind a question, one click away: why, the strongest evidence, the lab test, remedy, references.

const listOf = (words) =>
  el(
    "ul",
    {},
    words.map((each) => el("li", {}, each)),
  );

function backgroundOf(form, question) {
  const found = [
    disclosure("Why it matters", () => el("p", {}, question.why)),
    disclosure("Strongest evidence", () => strongest(form, question)),
  ];
  if (question.lab_test) found.push(disclosure("Lab test", () => labTest(form, question)));
  if (question.remedy) found.push(disclosure("Remedy", () => remedy(question.remedy)));
  if (Object.keys(question.refs ?? {}).length)
    found.push(disclosure("References", () => references(form, question.refs)));
  return found;
}

function strongest(form, question) {
  const kinds = question.evidence.map(({ kind, what }) =>
    el("li", {}, el("b", {}, `${sentence(className(form, kind))}: `), what),
  );
  const meaning = form.instrument.classes.find((each) => each.id === question.strongest_proof)?.text ?? "";
  return [
    el(
      "p",
      {},
      el("b", {}, sentence(className(form, question.strongest_proof))),
      ` proves most here. ${meaning}`,
    ),
    el("p", {}, "What would satisfy it:"),
    el("ul", {}, kinds),
  ];
}

function labTest(form, question) {
  const test = question.lab_test;
  const kit = form.instrument.lab_kit ?? {};
  const needs = (test.needs ?? []).map((id) => el("li", {}, el("b", {}, id), kit[id] ? `: ${kit[id]}` : ""));
  return [
    el("p", {}, test.minutes ? `About ${test.minutes} minutes. ` : "", needs.length ? "Needs:" : ""),
    needs.length ? el("ul", {}, needs) : "",
    el(
      "ol",
      {},
      (test.steps ?? []).map((step) => el("li", {}, step)),
    ),
    el("p", {}, el("b", {}, "Passes if: "), test.pass_if),
    isNothing(test.passing_shows)
      ? ""
      : el(
          "p",
          {},
          el("b", {}, "Passing shows: "),
          question.kind === "scale"
            ? `level ${valueInWords(question, test.passing_shows).replace(" ", ", ")}`
            : `${test.passing_shows} of 100 points`,
        ),
  ];
}

function remedy({ setting, clause }) {
  return [
    el("p", {}, el("b", {}, "Setting: "), setting),
    el("p", {}, el("b", {}, "Clause to negotiate: "), clause),
  ];
}

function references(form, refs) {
  const names = form.instrument.frameworks ?? {};
  return listOf(
    Object.entries(refs)
      .filter(([, ids]) => ids.length)
      .map(([key, ids]) => `${names[key] ?? key}: ${ids.join(", ")}`),
  );
}
