// A consignment's volumes: one box ticks all of them.
(() => {
  "use strict";
  const all = document.querySelector("[data-all]");
  if (!all) return;
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of document.querySelectorAll('input[name="task"]')) box.checked = all.checked; });
})();
