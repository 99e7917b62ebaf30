// A reader's own page: after idle minutes it leaves by itself, and it never comes back out of the browser's memory.
(() => {
  "use strict";
  const seconds = Number(document.querySelector("[data-idle]")?.dataset.idle || 0);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (!seconds) return;
  // the server counts from this page's answer; a touch alone does not prolong
  setTimeout(() => {
    document.querySelector("main").replaceChildren();
    location.replace(location.pathname);
  }, (seconds + 2) * 1000);
})();
