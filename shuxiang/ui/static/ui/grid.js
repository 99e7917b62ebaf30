// A grid for the keyboard: Enter goes to the next field, from the last one of a line to the next line; it never sends by accident.
(() => {
  "use strict";
  const form = document.querySelector("[data-grid]");
  if (!form) return;
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.isComposing) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("table input")];
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
    else form.querySelector("button.go, button").focus();
  });
})();
