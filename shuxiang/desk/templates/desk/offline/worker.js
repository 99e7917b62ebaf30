// Gives out the desk's page without a server when there is none, and forgets the key of who signs out.
"use strict";
const CACHE = "shuxiang-offline", SHELL = "{{ shell }}", SIGN_OUT = "{{ sign_out }}";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
function forget() {
  return new Promise((done) => {
    const request = indexedDB.open("shuxiang-offline");
    request.onerror = done;
    request.onsuccess = () => {
      const db = request.result, end = () => { db.close(); done(); };
      if (!db.objectStoreNames.contains("keys")) return end();
      const transaction = db.transaction("keys", "readwrite");
      transaction.objectStore("keys").clear();
      transaction.oncomplete = transaction.onabort = end;
    };
  });
}
self.addEventListener("fetch", (event) => {
  const { request } = event, { pathname } = new URL(request.url);
  if (request.method === "POST" && pathname === SIGN_OUT) event.waitUntil(forget());
  if (request.method !== "GET") return;
  const kept = async (found) => (await (await caches.open(CACHE)).match(found, { ignoreVary: true })) ?? Response.error();
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(SHELL)));
  else if (pathname.startsWith("{{ static }}")) event.respondWith(fetch(request).catch(() => kept(request)));
});
