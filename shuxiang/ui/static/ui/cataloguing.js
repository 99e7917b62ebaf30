// The cataloguing desk: a scanner's Enter goes to the next field, a filled new subfield offers another, nothing typed is lost.
// Everything on these pages works without this file.
(() => {
  "use strict";
  const doc = document;

  // A scanner ends the ISBN with Enter; that is no reason to save a form that is still blank.
  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.id !== "id_isbn") return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    doc.getElementById("id_title")?.focus();
  });

  doc.addEventListener("input", (event) => {
    const row = event.target.closest("[data-sub]");
    if (!row || row.dataset.used || !event.target.value) return;
    row.dataset.used = "1";
    const [, head, number] = /^(f\d+\.s)(\d+)$/.exec(row.dataset.sub);
    const next = row.cloneNode(true);
    const name = head + (Number(number) + 1);
    next.dataset.sub = name;
    delete next.dataset.used;
    for (const one of next.querySelectorAll("input")) {
      one.value = "";
      one.name = name + one.name.slice(-2);
      if (one.id) one.id = one.name;
    }
    next.querySelector("label").htmlFor = name + ".v";
    row.after(next);
  });

  // A class is offered with where it is from; one press takes it.
  const offer = () => { for (const one of doc.querySelectorAll("[data-fill][hidden]")) one.hidden = false; };
  doc.addEventListener("htmx:afterSettle", offer);
  doc.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const field = doc.getElementById(button.dataset.fill);
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });

  let typed = false;
  doc.addEventListener("input", (event) => { if (event.target.closest("form.cataloguing, form.marc")) typed = true; });
  doc.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
})();
