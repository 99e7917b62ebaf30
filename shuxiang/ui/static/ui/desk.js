// Staff pages: keeps the scan box ready and answers the keys that are printed on the buttons.
(() => {
  "use strict";
  const app = (window.Shuxiang ||= {});
  const doc = document;
  const scan = () => doc.querySelector("[data-scan]");
  const typing = (el) => el && ((el.tagName === "INPUT" && !/^(checkbox|radio|range|button|submit)$/.test(el.type)) || /^(SELECT|TEXTAREA)$/.test(el.tagName) || el.isContentEditable);

  // Keys: Space on an empty scan box is yes, Esc is no, Ctrl Z is undo. Never Enter: a scanner sends it by itself.
  // What is not answered yet comes first: yes is said only to a question that can be seen, the others wait for their turn.
  function pressed(event) {
    const name = event.key === " " ? "space" : event.key.toLowerCase();
    return (event.ctrlKey || event.metaKey ? "ctrl+" : "") + name;
  }
  // In a pile undo means the last scan: a row above which another scan stands is not the last.
  const keyed = (name) => {
    const found = doc.querySelector(`[data-key="${CSS.escape(name)}"]:not([disabled])`);
    return found?.closest(".pile > li:not(.undone, [hidden]) ~ li") ? null : found;
  };
  function press(name) {
    if (!app.acts?.waiting) return keyed(name)?.click();
    if (name !== "space") app.acts.whenIdle(() => keyed(name)?.click());
  }
  doc.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.altKey) return;
    const box = scan(), at = doc.activeElement, name = pressed(event);
    const free = at === doc.body || at?.id === "main" || (at === box && box.value === "");
    const anywhere = !typing(at) && (name === "escape" || name.startsWith("ctrl+") || /^f\d+$/.test(name));
    if (name === "escape" && box && at === box && box.value !== "") {
      box.value = "";
      event.preventDefault();
    } else if ((free || anywhere) && (keyed(name) || app.acts?.waiting) && (keyed(name) || /^(space|escape|ctrl\+z)$/.test(name))) {
      event.preventDefault();
      press(name);
    } else if (box && !typing(at) && !name.startsWith("ctrl+") && name !== "space" && (event.key.length === 1 || event.key === "Process")) {
      box.focus(); // the sign itself still arrives, in the box: a scan that meets a button presses nothing
    }
  }, true);

  // The scan box takes the focus back after an act, when the window comes to the front, and when one clicks beside things;
  // it never takes it from a field.
  const ready = () => { const box = scan(); if (box && !typing(doc.activeElement) && !doc.querySelector("dialog[open]")) box.focus({ preventScroll: true }); };
  doc.addEventListener("click", (event) => {
    if (scan() && !event.target.closest("a, button, input, select, textarea, label, summary, [tabindex='0']") && getSelection().isCollapsed) ready();
  });
  doc.addEventListener("submit", (event) => { if (event.target.matches("[data-act]")) setTimeout(ready); });
  doc.addEventListener("htmx:afterSettle", ready);
  doc.addEventListener("acts:done", ready);
  window.addEventListener("focus", ready);
  window.addEventListener("pageshow", ready);
  doc.addEventListener("visibilitychange", () => { if (!doc.hidden) ready(); });
  doc.addEventListener("htmx:load", (event) => { if (event.target !== doc.body) app.sounds?.of(event.target); });

  // A button that has been pressed says so and cannot be pressed twice.
  doc.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.defaultPrevented || !button.dataset.busy) return;
    setTimeout(() => { button.setAttribute("aria-busy", "true"); button.textContent = button.dataset.busy; button.disabled = true; });
  });

  // The server does not answer: say so in place, lose nothing.
  const lost = (hidden) => { const box = doc.getElementById("lost"); if (box) box.hidden = hidden; };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) doc.addEventListener(name, () => { lost(false); app.sounds?.play("no"); });
  doc.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.successful) lost(true); });

  doc.addEventListener("DOMContentLoaded", () => {
    doc.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    ready();
  });
})();
