// A desk's acts, one after another, none lost, and a scan box that understands scanners.
//
// Forms marked `data-act` are posted by Shuxiang.acts: in order, each with an operation id of its own, the answer's pieces put
// in place by their ids, so that the page stays and the box keeps the focus. An act without an answer is sent again with the
// same id until it is answered; what waits survives a reload. A form marked `data-act` with a `[data-scan]` box inside is read
// as a scanner writes: full speed, Enter once or twice, Tab, an input method in between. Without scripts all of it is plain forms.
//
// Pieces of an answer: every element with an id replaces its namesake; <template data-prepend="id" data-most="6"> puts its
// content in front of a list; <template data-count="id" data-by="1"> lets a figure grow;
// <template data-go="address"> leads to another page. `[data-desk]` on the page names who acts where: what waits is never sent by anybody else.
(() => {
  "use strict";
  const app = (window.Shuxiang ||= {});
  const doc = document;
  const SLOW = 300, PATIENCE = 8000, TRIES = 3, TWICE = 1000, SCANNER = 50, BURST = 4, PAUSE = 100, STALE = 12 * 3600 * 1000, IDLE = 60000;

  // Operation ids that sort by time (version 7); randomUUID wants HTTPS, which a school's network may not have.
  app.operationId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let i = 5; i >= 0; i--) { bytes[i] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  // ---- the queue
  const waiting = [];
  let busy = false, stopped = false, again = 0, slowly = 0;
  const owner = () => `${doc.querySelector("[data-desk]")?.dataset.desk} ${location.pathname}`;
  const STORE = "shuxiang.acts";

  function keep() {
    try {
      if (waiting.length) sessionStorage.setItem(STORE, JSON.stringify({ owner: owner(), at: Date.now(), waiting }));
      else sessionStorage.removeItem(STORE);
    } catch { /* a private window forgets */ }
  }

  function restore() {
    if (!doc.querySelector("[data-desk]")) return; // the page without a server: offline.js takes it over
    try {
      const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
      if (kept?.owner === owner() && Date.now() - kept.at < STALE) waiting.push(...kept.waiting);
      else sessionStorage.removeItem(STORE);
    } catch { /* nothing readable was kept */ }
  }

  // What the form says when its turn comes (who stands at the desk), with what was scanned or pressed then.
  function body(act) {
    const form = act.form && doc.getElementById(act.form);
    const fields = form ? new FormData(form) : new FormData();
    for (const input of doc.querySelectorAll("#sitting input")) fields.set(input.name, input.value);
    for (const [name, value] of act.fields) fields.set(name, value);
    return new URLSearchParams(fields);
  }

  function put(html) {
    const answer = new DOMParser().parseFromString(`<body>${html}`, "text/html");
    const told = answer.querySelector("[data-sound]");
    let pieces = 0;
    for (const piece of [...answer.body.children]) {
      const { prepend, most, count, by, go } = piece.dataset;
      if (go) {
        setTimeout(() => location.assign(go));
        pieces++;
      }
      const old = doc.getElementById(prepend || count || piece.id);
      if (!old) continue;
      pieces++;
      if (prepend) {
        old.prepend(...piece.content.childNodes);
        while (old.children.length > Number(most || 1e6)) old.lastElementChild.remove();
        old.hidden = false;
      } else if (count) {
        old.textContent = (Number(old.textContent.replace(/\D/g, "")) + Number(by)).toLocaleString("en");
      } else if (old.getAttribute("role") === "status") {
        old.replaceChildren(...piece.childNodes); // a live region stays, or what it says is not heard
      } else {
        old.replaceWith(piece);
        window.htmx?.process(piece);
      }
    }
    if (told) app.sounds?.play(told.dataset.sound);
    return pieces;
  }

  function show() {
    const place = doc.getElementById("acts");
    const slow = waiting.length > 0 && (slowly || stopped || again);
    doc.querySelector("[data-scan]")?.closest("form")?.setAttribute("aria-busy", String(Boolean(slow)));
    if (!place) return;
    for (const [name, on] of [["slow", slow && !stopped && !again], ["lost", again && !stopped], ["stopped", stopped]]) {
      const part = place.querySelector(`[data-when="${name}"]`);
      if (part) part.hidden = !on;
    }
    for (const part of place.querySelectorAll("[data-of]")) {
      part.textContent = { count: String(waiting.length), why }[part.dataset.of] ?? waiting[0]?.label ?? "";
    }
  }

  // What an error page says in a sentence: not signed in any more, not allowed, not there.
  let why = "";
  function said(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const parts = [...page.querySelectorAll("main h1, main p")].map((part) => part.textContent.trim()).filter(Boolean);
    return parts.slice(0, 2).join(" ");
  }

  async function send(act) {
    const stop = new AbortController();
    why = "";
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(act.url, {
        method: "POST", body: body(act), signal: stop.signal, credentials: "same-origin", redirect: "follow",
        headers: { "HX-Request": "true" },
      });
      const elsewhere = response.headers.get("HX-Redirect");
      if (elsewhere) return location.assign(elsewhere), "elsewhere"; // to sign in: the act was not done and waits
      if (response.status >= 500) return "failed";
      if (response.status >= 400 && response.status !== 422) return why = said(await response.text()), "refused";
      return put(await response.text()) ? "done" : "refused";
    } catch {
      return "lost";
    } finally {
      clearTimeout(patience);
    }
  }

  async function work() {
    if (busy || stopped) return;
    busy = true;
    while (waiting.length && !stopped) {
      const timer = setTimeout(() => { slowly = 1; show(); }, SLOW);
      const how = await send(waiting[0]);
      clearTimeout(timer);
      slowly = 0;
      if (how === "elsewhere") return;
      if (how === "done") {
        waiting.shift();
        again = 0;
        keep();
        doc.dispatchEvent(new CustomEvent("acts:done"));
      } else if (how === "lost" && (await app.offline?.take(waiting))) {
        again = 0;
        keep();
      } else {
        again++;
        if (again === 1) app.sounds?.play("no");
        if (how === "refused" || (how === "failed" && again >= TRIES)) stopped = true;
        show();
        if (!stopped) await Promise.race([new Promise((go) => setTimeout(go, Math.min(1000 * 2 ** (again - 1), 10000))), woken()]);
      }
      show();
    }
    busy = false;
    if (!waiting.length) idle.splice(0).forEach((then) => then());
  }

  let wake = () => {};
  const woken = () => new Promise((go) => { wake = go; });
  const idle = [];
  app.acts = {
    add(act) { waiting.push(act); keep(); show(); work(); },
    get waiting() { return waiting.length; },
    whenIdle(then) { if (waiting.length) idle.push(then); else then(); },
    retry() { stopped = false; again = 0; show(); wake(); work(); },
    drop() { waiting.length = 0; stopped = false; again = 0; keep(); show(); wake(); },
  };

  // ---- forms
  function fieldsOf(form, submitter) {
    const fields = [...new FormData(form)].filter(([name]) => name !== "operation");
    if (submitter?.name) fields.push([submitter.name, submitter.value]);
    return [...fields, ["operation", app.operationId()]];
  }

  let last = { code: "", at: -1e9 };
  // Whoever answered something in between means the same code when it comes again, however soon.
  doc.addEventListener("submit", (event) => { if (!event.target.matches(".scan")) last = { code: "", at: -1e9 }; }, true);
  function scanned(box, code, now) {
    const form = box.form, plain = code.trim();
    box.value = "";
    if (!plain) return;
    const twice = plain.length >= BURST && plain === last.code && now - last.at < TWICE;
    last = { code: plain, at: now };
    const told = doc.querySelector("[data-twice]");
    if (told) told.hidden = !twice;
    if (twice) return;
    if (app.offline?.active) return app.offline.add(plain);
    app.acts.add({ url: form.action, form: form.id, label: plain, at: Date.now(), fields: [[box.name, plain], ["operation", app.operationId()]] });
  }

  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-act]") || event.defaultPrevented) return;
    event.preventDefault();
    const box = form.querySelector("[data-scan]");
    if (box) return scanned(box, box.value, event.timeStamp);
    const url = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action;
    app.acts.add({ url, form: "", label: event.submitter?.textContent.trim() ?? "", fields: fieldsOf(form, event.submitter) });
  });

  doc.addEventListener("click", (event) => {
    if (event.target.closest("[data-acts-retry]")) app.acts.retry();
    if (event.target.closest("[data-acts-drop]")) app.acts.drop();
  });

  // ---- what a scanner types. Keys are kept as they lie on the keyboard: an input method that makes 平 of “p1” cannot touch them.
  const SHIFTED = { 1: "!", 2: "@", 3: "#", 4: "$", 5: "%", 6: "^", 7: "&", 8: "*", 9: "(", 0: ")" };
  const SIGNS = { Minus: "-_", Equal: "=+", Period: ".>", Slash: "/?", BracketLeft: "[{", BracketRight: "]}", Comma: ",<", Semicolon: ";:", Quote: "'\"", Backslash: "\\|", Space: "  ",
    NumpadAdd: "++", NumpadSubtract: "--", NumpadDecimal: "..", NumpadDivide: "//", NumpadMultiply: "**" };
  function letter(event) {
    const shift = event.shiftKey, [, digit] = /^(?:Digit|Numpad)(\d)$/.exec(event.code) ?? [];
    if (digit !== undefined) return shift && event.code.startsWith("D") ? SHIFTED[digit] : digit;
    const [, key] = /^Key([A-Z])$/.exec(event.code) ?? [];
    if (key) return shift !== event.getModifierState("CapsLock") ? key : key.toLowerCase();
    return SIGNS[event.code]?.[shift ? 1 : 0];
  }

  let burst = { text: "", composed: false, first: 0, last: -1e9, before: 0 }, ended = -1e9;
  const byScanner = (now) => burst.text.length >= BURST && (now - burst.first) / burst.text.length < SCANNER;
  doc.addEventListener("keydown", (event) => {
    const box = doc.activeElement; // the key that brought the focus here was meant for it too
    if (!box?.matches("[data-scan]") || !box.form?.matches("[data-act]")) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp, isEnd = /^(Enter|NumpadEnter|Tab)$/.test(event.code || event.key);
    if (!isEnd) {
      const char = letter(event);
      if (!char) return;
      if (now - burst.last > PAUSE) burst = { text: "", composed: event.isComposing, first: now, last: now, before: box.value ? now - Math.max(burst.last, ended) : 0 };
      burst.text += char;
      burst.last = now;
      burst.composed ||= event.isComposing || event.keyCode === 229;
      return;
    }
    const scan = byScanner(now), { text, composed, before } = burst;
    const isTab = (event.code || event.key) === "Tab";
    if (scan && (composed || event.isComposing)) {
      event.preventDefault();
      finish(box);
      scanned(box, text, now);
    } else if (isTab ? scan : !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      const half = scan && before > 1500 && box.value.length > text.length && box.value.endsWith(text);
      scanned(box, half ? text : box.value, now);
    } else if (isTab && now - ended < PAUSE && burst.text === "") {
      event.preventDefault(); // the Tab of a scanner that sends Enter and Tab
    }
    ended = now;
    burst = { text: "", composed: false, first: 0, last: -1e9, before: 0 };
  }, true);

  // The input method still holds what it made of the scan: end it, and throw away what it hands over late.
  function finish(box) {
    const clear = () => { box.value = ""; };
    box.blur();
    clear();
    box.focus();
    for (const name of ["compositionend", "input"]) {
      box.addEventListener(name, clear);
      setTimeout(() => box.removeEventListener(name, clear), 60);
    }
  }

  // Figures of the day, when this desk stands still while others work.
  let refreshed = Date.now();
  async function refresh() {
    const place = doc.querySelector("[data-refresh]");
    if (!place || waiting.length || doc.hidden || Date.now() - refreshed < IDLE) return;
    refreshed = Date.now();
    try {
      const response = await fetch(place.dataset.refresh, { headers: { "HX-Request": "true" } });
      if (response.ok && !waiting.length) put(await response.text());
    } catch { /* the next time will do */ }
  }
  window.addEventListener("focus", refresh);
  setInterval(refresh, IDLE);
  doc.addEventListener("acts:done", () => { refreshed = Date.now(); });

  doc.addEventListener("DOMContentLoaded", () => { restore(); show(); work(); });
})();
