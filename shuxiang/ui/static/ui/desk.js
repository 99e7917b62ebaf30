// Staff pages: keeps the scan box ready, answers the keys that are printed on the buttons, and plays the four tones.
(() => {
  "use strict";
  const doc = document;
  const scan = () => doc.querySelector("[data-scan]");
  const typing = (el) => el && (/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) || el.isContentEditable);

  // Tones. Web Audio only; each is also said by a seal on the screen.
  const TONES = { yes: [[880, 90]], ask: [[660, 90], [660, 90]], no: [[220, 260]], undo: [[880, 90], [660, 90]] };
  const STORE = "shuxiang.sound";
  let audio;
  const remembered = () => { try { return localStorage.getItem(STORE) !== "off"; } catch { return true; } };
  const remember = (on) => { try { localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* a private window forgets */ } };
  function play(name) {
    if (!TONES[name] || !remembered() || !window.AudioContext) return;
    audio ||= new AudioContext();
    audio.resume().catch(() => {});
    let at = audio.currentTime + 0.01;
    for (const [hertz, milliseconds] of TONES[name]) {
      const wave = audio.createOscillator(), gain = audio.createGain(), end = at + milliseconds / 1000;
      wave.frequency.value = hertz;
      gain.gain.setValueAtTime(0.18, at);
      gain.gain.setTargetAtTime(0, end - 0.02, 0.008);
      wave.connect(gain).connect(audio.destination);
      wave.start(at);
      wave.stop(end + 0.03);
      at = end + 0.05;
    }
  }
  function sound(root) {
    const told = root.matches?.("[data-sound]") ? root : root.querySelector?.("[data-sound]");
    if (told) play(told.dataset.sound);
  }

  // Keys: Space on an empty scan box is yes, Esc is no, Ctrl Z is undo. Never Enter: a scanner sends it by itself.
  function pressed(event) {
    const name = event.key === " " ? "space" : event.key.toLowerCase();
    return (event.ctrlKey || event.metaKey ? "ctrl+" : "") + name;
  }
  doc.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.altKey) return;
    const box = scan(), at = doc.activeElement, name = pressed(event);
    const free = at === doc.body || at?.id === "main" || (at === box && box.value === "");
    const target = doc.querySelector(`[data-key="${CSS.escape(name)}"]:not([disabled])`);
    if (name === "escape" && box && at === box && box.value !== "") {
      box.value = "";
      event.preventDefault();
    } else if (target && (free || (/^f\d+$/.test(name) && !typing(at)) || (name === "escape" && !typing(at)))) {
      event.preventDefault();
      target.click();
    } else if (box && event.key.length === 1 && name.length === 1 && !typing(at) && at?.tagName !== "BUTTON" && at?.tagName !== "A") {
      box.focus();
    }
  });

  // The scan box takes the focus back after an act, and when one clicks beside things; it never takes it from a field.
  const ready = () => { const box = scan(); if (box && !typing(doc.activeElement)) box.focus(); };
  doc.addEventListener("click", (event) => {
    if (scan() && !event.target.closest("a, button, input, select, textarea, label, summary, [tabindex='0']") && getSelection().isCollapsed) ready();
  });
  doc.addEventListener("htmx:afterSettle", ready);
  doc.addEventListener("htmx:load", (event) => sound(event.target));

  // A button that has been pressed says so and cannot be pressed twice.
  doc.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.defaultPrevented || !button.dataset.busy) return;
    setTimeout(() => { button.setAttribute("aria-busy", "true"); button.textContent = button.dataset.busy; button.disabled = true; });
  });

  // The server does not answer: say so in place, lose nothing.
  const lost = (hidden) => { const box = doc.getElementById("lost"); if (box) box.hidden = hidden; };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) doc.addEventListener(name, () => { lost(false); play("no"); });
  doc.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.successful) lost(true); });

  doc.addEventListener("DOMContentLoaded", () => {
    for (const box of doc.querySelectorAll("[data-sound-switch]")) {
      box.closest("label").hidden = false;
      box.checked = remembered();
      box.addEventListener("change", () => { remember(box.checked); play("yes"); });
    }
    doc.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    ready();
  });
})();
