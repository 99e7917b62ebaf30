// The self-service machine: counts the seconds of a turn down, forgets it at nought, keeps the box ready for the scanner.
(() => {
  "use strict";
  const doc = document, turn = doc.querySelector("#turn"), box = doc.querySelector("[data-scan]");

  // A page out of the browser's memory would be the last child's: ask for the present one.
  addEventListener("pageshow", (event) => { if (event.persisted) location.replace(location.pathname); });

  if (box) {
    box.focus();
    // Scanners type into whatever has the focus: give it back to the box unless a control was tabbed to.
    doc.addEventListener("keydown", (event) => {
      if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey && !doc.activeElement?.matches("input, select, textarea") && event.key !== " ") box.focus();
    });
  }

  for (const form of doc.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      if (form.matches("[data-pictures]")) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
    });
  }

  const snap = doc.querySelector("[data-snap]");
  snap?.querySelector("[data-plain]").setAttribute("hidden", "");
  snap?.querySelector("input[type=file]").addEventListener("change", (event) => { if (event.target.files.length) snap.requestSubmit(); });

  if (!turn) return;
  const all = Number(turn.dataset.seconds), shown = turn.querySelector("[data-secs]");
  let ends = Date.now() + all * 1000, told = Date.now(), over = false;

  function leave() {
    if (over) return;
    over = true;
    doc.querySelector("main").replaceChildren(); // nothing stands there while the next page comes
    location.replace(turn.dataset.left);
  }

  function touched() {
    if (over) return;
    ends = Date.now() + all * 1000;
    if (Date.now() - told < 4000) return;
    told = Date.now();
    const body = new URLSearchParams({ csrfmiddlewaretoken: turn.elements.csrfmiddlewaretoken.value });
    fetch(turn.dataset.stay, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
  }

  function count() {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left <= 0) { leave(); return; }
    shown.hidden = false;
    shown.textContent = left;
    turn.classList.toggle("soon", left <= 10);
  }

  for (const kind of ["pointerdown", "keydown", "scroll"]) doc.addEventListener(kind, touched, { passive: true, capture: true });
  addEventListener("pagehide", () => doc.querySelector("main").replaceChildren());
  count();
  setInterval(count, 250);
})();
