// A dialog with the cover sheet of a product that has no answers yet.

function newProduct(form) {
  const sheet = {
    product: { id: "" },
    prepared: { by: form.who, on: form.today, basis: "" },
    deployments: [{ id: "", name: "", route: "", surface: "", plan: "" }],
  };
  let ownId = false;
  const id = textField({
    label: "Id (name of the file)",
    path: ["product", "id"],
    read: () => sheet.product.id,
    write: (value) => ((sheet.product.id = value), (ownId = value !== "")),
  });
  const product = {
    read: (name) => sheet.product[name],
    write: (name, value) => {
      sheet.product[name] = value;
      if (name === "name" && !ownId) {
        sheet.product.id = slug(value);
        id.update();
      }
    },
  };
  const prepared = {
    read: (name) => sheet.prepared[name],
    write: (name, value) => (sheet.prepared[name] = value),
  };
  const facts = factFields(form, product, ["product"]);
  facts.splice(1, 0, id);
  const basis = preparedFields(form, prepared, ["prepared"]);
  const access = {
    list: () => sheet.deployments,
    change: (work) => {
      work(sheet.deployments);
      rows.update();
    },
    isFixed: () => false,
  };
  const rows = deploymentRows(form, access, ["deployments"]);
  const notice = el("div", { class: "notice", role: "alert", hidden: true });
  const create = button(
    "Create",
    () =>
      form.act(
        { kind: "create", product: sheet.product, prepared: sheet.prepared, deployments: sheet.deployments },
        (refusal) => refusal && show([{ path: [], message: refusal }]),
      ),
    { class: "primary" },
  );
  const dialog = el(
    "dialog",
    { class: "sheet", "aria-label": "Start a new product" },
    el(
      "div",
      { class: "dialog-head" },
      el("h2", {}, "Start a new product"),
      button("Close", () => dialog.close()),
    ),
    notice,
    el("h3", {}, "Product"),
    el(
      "div",
      { class: "grid" },
      facts.map((each) => each.node),
    ),
    el("h3", {}, "Prepared"),
    el(
      "div",
      { class: "grid" },
      basis.map((each) => each.node),
    ),
    el("h3", {}, "Deployments"),
    rows.node,
    el(
      "div",
      { class: "actions" },
      create,
      button("Cancel", () => dialog.close()),
    ),
  );
  const fields = () => [...facts, ...basis, ...rows.fields()];
  const show = (problems) => {
    const left = markFields(fields(), problems);
    notice.hidden = left.length === 0;
    setText(notice, left.map(problemWords).join(" "));
    const first = dialog.querySelector("[aria-invalid]");
    (first ?? create).focus();
  };
  dialog.addEventListener("close", () => {
    dialog.remove();
    form.sheet = null;
  });
  form.root.append(dialog);
  for (const each of [...facts, ...basis]) each.update();
  rows.update();
  form.sheet = { show, close: () => dialog.close() };
  dialog.showModal();
  facts[0].control.focus();
}
