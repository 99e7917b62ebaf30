// A heap's lines: one box ticks all of the page, and a ticked line says that the second button is meant.
(() => {
  "use strict";
  const form = document.getElementById("lines"), all = form?.querySelector("[data-all]");
  if (!all) return;
  const boxes = () => form.querySelectorAll('input[name="line"]');
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; });
  form.addEventListener("change", () => {
    const ticked = [...boxes()].filter((box) => box.checked).length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
    for (const button of form.querySelectorAll('button[name="which"]')) button.classList.toggle("go", (button.value === "ticked") === ticked > 0);
  });
})();
