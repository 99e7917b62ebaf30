// The desk while the server is away: what is scanned is kept on this device, encrypted, and sent in its order afterwards.
//
// The key is made from a secret that the server gives to one account and from chance kept on this device; the browser never
// hands it out again, and it goes when another account opens the desk here. What waits stays: the same account reads it again.
// Only codes and times are kept, no names. What a code means is found out by the server, as always.
(() => {
  "use strict";
  const app = (window.Shuxiang ||= {});
  const doc = document;
  const CACHE = "shuxiang-offline", BATCH = 20, EVERY = 3000, ALIVE = 2500, TAB = 3000, MOST_ROWS = 60;
  const able = window.isSecureContext && Boolean(window.crypto?.subtle && window.indexedDB);
  let root, settings, db, key, owner = "", behind = 0, others = 0;
  let active = false, sending = false, stuck = "", asked = 0;
  let acts = [];                                   // in their order: {id, kind: "scan" | "next", operation, at, code, dropped, kept}
  let stands = { patron: "", certain: true };      // who stood at the desk before the first of them
  const sums = { done: 0, kept: 0 };

  // ---- the store of this device
  const promised = (request) => new Promise((go, no) => { request.onsuccess = () => go(request.result); request.onerror = () => no(request.error); });
  function open() {
    const request = indexedDB.open("shuxiang-offline", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "owner" });
      request.result.createObjectStore("desks", { keyPath: "owner" });
      request.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore("device", { keyPath: "name" });
    };
    return promised(request);
  }
  const ask = (store, what, ...given) => promised(db.transaction(store).objectStore(store)[what](...given));
  const write = (names, change) => new Promise((go, no) => {
    const transaction = db.transaction(names, "readwrite", { durability: "strict" });
    transaction.oncomplete = go;
    transaction.onerror = transaction.onabort = () => no(transaction.error);
    change(transaction);
  });

  async function device() {
    const kept = await ask("device", "get", "salt");
    if (kept) return kept.value;
    const value = crypto.getRandomValues(new Uint8Array(16));
    await write(["device"], (t) => t.objectStore("device").put({ name: "salt", value }));
    return value;
  }

  // Online the server names the account and gives its secret; keys of other accounts go. Offline the one that is left serves.
  async function unlock() {
    if (!settings.secret) {
      const kept = (await ask("keys", "getAll"))[0];
      if (!kept) return false;
      ({ owner, key } = kept);
      return true;
    }
    owner = settings.owner;
    const secret = Uint8Array.from(atob(settings.secret), (sign) => sign.charCodeAt(0));
    const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: await device(), info: new TextEncoder().encode(owner) };
    key = await crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await write(["keys"], (t) => { t.objectStore("keys").clear(); t.objectStore("keys").put({ owner, key }); });
    return true;
  }

  // One tab of a browser keeps the queue: two would mix their readers.
  const alone = () => new Promise((go) => {
    const until = { signal: AbortSignal.timeout(TAB) };
    navigator.locks.request("shuxiang-offline", until, () => { go(true); return new Promise(() => {}); }).catch(() => go(false));
  });

  const label = () => new TextEncoder().encode(owner);
  async function sealed(act) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const { kind, operation, at, code, dropped } = act;
    const text = new TextEncoder().encode(JSON.stringify({ kind, operation, at, behind: act.behind, code, dropped }));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: label() }, key, text) };
  }
  async function opened(row) {
    const how = { name: "AES-GCM", iv: row.iv, additionalData: label() };
    return { ...JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, row.data))), id: row.id, kept: true };
  }

  async function load() {
    const rows = await ask("acts", "getAll");
    others = rows.filter((row) => row.owner !== owner).length;
    acts = [];
    for (const row of rows.filter((one) => one.owner === owner)) acts.push(await opened(row));
    const desk = await ask("desks", "get", owner);
    if (desk) ({ stands, behind } = desk);
  }
  const keepDesk = () => write(["desks"], (t) => t.objectStore("desks").put({ owner, stands, behind }));

  // One write after another: two scans in a breath keep their order, and nothing is sent that is not kept yet.
  let writing = Promise.resolve();
  function keep(act) {
    writing = writing.then(async () => {
      const row = { owner, ...(await sealed(act)) };
      if (act.id) row.id = act.id;
      await write(["acts"], (t) => { const put = t.objectStore("acts").put(row); put.onsuccess = () => { act.id = put.result; }; });
      act.kept = true; // only now: the sound and the mark must not promise what a fallen computer would lose
      show();
      app.sounds?.play(act.kind === "scan" && !act.dropped ? "kept" : "undo");
    }).catch(() => { stuck = "store"; show(); app.sounds?.play("no"); });
    return writing;
  }

  // ---- what is scanned
  function add(code, at = Date.now(), operation = app.operationId(), kind = "scan") {
    if (acts.some((act) => act.operation === operation)) return;
    const act = { kind, operation, at, behind, code, dropped: false, kept: false };
    acts.push(act);
    keep(act);
    show();
  }
  function next() {
    if (acts.at(-1)?.kind === "next" || (!acts.length && !stands.patron)) return;
    add("", Date.now(), app.operationId(), "next");
  }
  function strike(act) {
    if (!act || act.dropped || sending) return;
    act.dropped = true;
    keep(act);
    show();
  }

  async function alive() {
    const stop = new AbortController(), patience = setTimeout(() => stop.abort(), ALIVE);
    try {
      return (await fetch(settings.alive, { cache: "no-store", signal: stop.signal })).ok;
    } catch {
      return false;
    } finally {
      clearTimeout(patience);
    }
  }

  // An act had no answer. If the server is gone, what was scanned is taken over from the page's queue, with its ids and times.
  let taking = null;
  const take = (waiting) => (taking ||= taken(waiting).finally(() => { taking = null; }));
  async function taken(waiting) {
    const isScan = (act) => act.form === "box";
    if (!key || (active && !waiting.some(isScan)) || (await alive())) return false;
    const buttons = waiting.filter((act) => !isScan(act));
    if (!acts.length) {
      const patron = doc.querySelector("#sitting input[name=patron]")?.value ?? "";
      stands = { patron, certain: !buttons.length }; // an unanswered button may have brought somebody else forward
      await keepDesk();
    }
    if (!active) begin();
    for (const act of waiting.filter(isScan)) {
      const fields = new Map(act.fields);
      add(fields.get("scan"), act.at, fields.get("operation"));
    }
    await writing;
    waiting.splice(0, waiting.length, ...buttons);
    return true;
  }

  function begin() {
    active = true;
    sums.done = sums.kept = 0;
    show();
    schedule();
  }

  // ---- sending it afterwards
  let timer = 0;
  const schedule = () => { clearTimeout(timer); timer = setTimeout(tick, EVERY); };
  async function tick() {
    if (!active) return;
    if (await alive()) await send();
    if (active) schedule();
  }

  async function send() {
    if (sending || app.acts?.waiting) return; // a button that was pressed before comes first
    if (!settings.secret) return location.replace(settings.home);
    sending = true;
    show();
    try {
      while (acts.length) {
        await writing;
        if (!(await sendSome(acts.slice(0, BATCH)))) return;
      }
      finish();
    } finally {
      sending = false;
      show();
    }
  }

  const token = () => doc.querySelector("#box [name=csrfmiddlewaretoken]")?.value ?? "";
  async function sendSome(some) {
    const body = new URLSearchParams({ patron: stands.patron, certain: stands.certain ? "1" : "", now: String(Date.now()) });
    body.set("csrfmiddlewaretoken", token());
    body.set("acts", JSON.stringify(some.map(({ kind, operation, at, behind: late, code, dropped }) => ({ kind, operation, at, behind: late, code, dropped }))));
    let response;
    try {
      response = await fetch(settings.replay, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error", credentials: "same-origin" });
    } catch {
      return false; // gone again: the same acts with the same ids, later
    }
    if (response.status >= 500) return false;
    stuck = response.headers.get("HX-Redirect") ? "signin" : response.status === 403 ? "forbidden" : response.ok ? "" : "refused";
    if (stuck) return false;
    const answer = await response.json();
    sums.done += answer.done;
    sums.kept += answer.kept;
    stands = { patron: String(answer.patron ?? ""), certain: answer.certain };
    await write(["acts", "desks"], (t) => {
      for (const act of some) t.objectStore("acts").delete(act.id);
      t.objectStore("desks").put({ owner, stands, behind });
    });
    acts.splice(0, some.length);
    return true;
  }

  // The page goes on with whoever stood there last. What is scanned from now on is behind this in the page's own queue.
  function finish() {
    active = false;
    const { patron, certain } = stands;
    const url = certain && patron ? settings.choose.replace("/0/", `/${patron}/`) : settings.finish;
    app.acts.add({ url, form: "", label: "", fields: [["pending", ""], ["csrfmiddlewaretoken", token()], ["operation", app.operationId()]] });
    app.sounds?.play(sums.kept ? "ask" : "yes");
  }

  // The page was opened anew without a server before its own queue was taken over: what it left in the tab comes along.
  function adopt() {
    try {
      const left = JSON.parse(sessionStorage.getItem("shuxiang.acts") ?? "null");
      if (left?.owner !== `${owner} ${settings.home}`) return;
      for (const act of left.waiting.filter((one) => one.form === "box")) {
        const fields = new Map(act.fields);
        add(fields.get("scan"), act.at, fields.get("operation"));
      }
      const others = left.waiting.filter((one) => one.form !== "box");
      writing.then(() => sessionStorage.setItem("shuxiang.acts", JSON.stringify({ ...left, waiting: others })));
    } catch { /* nothing readable was left */ }
  }

  // ---- what is seen
  const part = (name) => root.querySelector(`[data-offline-${name}]`);
  function show() {
    if (!root) return;
    doc.body.classList.toggle("offline-on", active);
    root.querySelector("[data-offline-panel]").hidden = !active;
    const open = acts.filter((act) => act.kind === "scan" && !act.dropped).length;
    for (const place of root.querySelectorAll("[data-offline-count]")) place.textContent = String(open);
    part("sending").hidden = !sending;
    for (const why of ["signin", "forbidden", "refused", "store"]) part(why).hidden = stuck !== why;
    part("others").hidden = !others;
    part("others").querySelector("b").textContent = String(others);
    part("insecure").hidden = able;
    const summed = !active && sums.done + sums.kept > 0;
    part("sent").hidden = !summed;
    for (const [name, n] of Object.entries(sums)) part("sent").querySelector(`[data-sum="${name}"]`).textContent = String(n);
    part("look").hidden = !sums.kept;
    part("known").hidden = !(stands.patron && acts.every((act) => act.kind !== "next"));
    const row = part("row");
    part("list").replaceChildren(...acts.slice(-MOST_ROWS).reverse().map((act) => {
      const line = row.content.firstElementChild.cloneNode(true);
      line.querySelector("time").textContent = new Date(act.at).toTimeString().slice(0, 5);
      line.querySelector(".code").textContent = act.code;
      line.querySelector(".code").hidden = act.kind === "next";
      line.querySelector("[data-next]").hidden = act.kind !== "next";
      line.classList.toggle("undone", act.dropped);
      line.toggleAttribute("data-kept", act.kept);
      const strikeIt = line.querySelector("button");
      strikeIt.hidden = act.kind === "next" || act.dropped;
      strikeIt.addEventListener("click", () => strike(act));
      return line;
    }));
  }

  window.addEventListener("keydown", (event) => {
    if (!active || event.isComposing || event.repeat || event.altKey) return;
    const box = doc.querySelector("[data-scan]"), isEmpty = doc.activeElement === doc.body || (doc.activeElement === box && box.value === "");
    const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (!isEmpty || (event.key !== "Escape" && event.key !== " " && !undo)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Escape") next();
    if (undo) strike(acts.findLast((act) => act.kind === "scan" && !act.dropped));
  }, true);

  // ---- the page that is there without a server: kept by the browser, given out by the worker
  async function prepare() {
    if (!settings.worker || !navigator.serviceWorker) return;
    await navigator.serviceWorker.register(settings.worker, { scope: settings.scope });
    const cache = await caches.open(CACHE);
    if ((await cache.match("/version").then((kept) => kept?.text())) === settings.version) return;
    const shell = await fetch(settings.shell, { credentials: "same-origin" });
    if (!shell.ok || shell.redirected) return;
    const page = new DOMParser().parseFromString(await shell.clone().text(), "text/html");
    const needed = [...page.querySelectorAll("link[href], script[src], [data-icons]")].map((one) => one.getAttribute("href") ?? one.getAttribute("src"));
    for (const old of await cache.keys()) await cache.delete(old);
    await cache.addAll(needed.filter((address) => address?.startsWith("/")));
    await cache.put(settings.shell, shell);
    await cache.put("/version", new Response(settings.version));
  }

  async function start() {
    root = doc.querySelector("[data-offline]");
    if (!root) return;
    settings = root.dataset;
    show();
    if (!able) return;
    try {
      if (!(await alone())) {
        active = false;
        part("tab").hidden = Boolean(settings.secret);
        return;
      }
      db = await open();
      if (!(await unlock())) return void (part("nobody").hidden = Boolean(settings.secret));
      const early = acts; // scanned while the store was being opened
      await load();
      acts.push(...early);
      if (!acts.length) stands = { patron: "", certain: true }; // who stood there the last time has gone
      if (!settings.secret) adopt();
      if (settings.now) behind = Math.round(Number(settings.now) - asked);
      if (settings.secret) await keepDesk();
    } catch {
      key = undefined; // a private window may keep nothing
      return;
    }
    part("nobody").hidden = true;
    part("next").addEventListener("click", () => { next(); doc.querySelector("[data-scan]")?.focus(); });
    if (acts.length || !settings.secret) begin();
    show();
    if (active) tick();
    if (settings.secret) prepare().catch(() => { /* the next time will do */ });
  }

  // The server's clock was read when the page was made: half-way between asking for it and its arrival.
  const [timing] = performance.getEntriesByType("navigation");
  asked = performance.timeOrigin + (timing ? (timing.requestStart + timing.responseStart) / 2 : 0);

  app.offline = { get active() { return active; }, add, take, get waiting() { return acts.length; } };
  doc.addEventListener("DOMContentLoaded", () => {
    active = able && Boolean(doc.querySelector("[data-offline]:not([data-secret])")); // the page without a server
    app.offline.ready = writing = start();
  });
})();
