// A photograph of a barcode for the scan box, and live video where the browser allows it (HTTPS or this very computer).
// The server reads the picture; where the browser can read barcodes itself, video frames need not be sent.
(() => {
  "use strict";
  const doc = document;
  const LONGEST = 1800, FRAME = 960, EVERY = 350, FORGET = 2500; // pixels, pixels, milliseconds, milliseconds
  const KINDS = ["ean_13", "ean_8", "code_128", "code_39", "qr_code"];

  // A telephone's 12 million points are more than bars need: send what is enough. What cannot be drawn is sent as it is.
  async function jpeg(source, longest) {
    try {
      const picture = source instanceof HTMLVideoElement ? source : await createImageBitmap(source);
      const width = picture.videoWidth || picture.width, height = picture.videoHeight || picture.height;
      const scale = Math.min(1, longest / Math.max(width, height));
      const canvas = Object.assign(doc.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((blob) => done(blob || source), "image/jpeg", 0.85));
    } catch { return source; }
  }

  async function read(form, picture) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("photo", picture, "photo.jpg");
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
    if (!response.ok && response.status !== 503) throw new Error(response.status); // 503: another picture is being read
    return response.json();
  }

  function scan(code) {
    const box = doc.querySelector("[data-scan]");
    if (!box?.form) return;
    box.value = code;
    box.form.requestSubmit();
  }

  // What was done before the photograph no longer looks like its answer.
  function past() {
    const said = doc.querySelector("#said[data-before]");
    for (const toast of said?.querySelectorAll(".toast:not(.noted)") ?? []) {
      toast.classList.add("noted");
      toast.querySelector(".seal")?.remove();
      toast.querySelector("p").prepend(said.dataset.before);
    }
  }

  function say(form, words, codes = []) {
    const place = form.querySelector("[data-photo-said]");
    place.replaceChildren(words);
    if (words && !codes.length) past();
    if (codes.length < 2) return;
    const row = Object.assign(doc.createElement("div"), { className: "btns" });
    const button = (text, act) => {
      const made = Object.assign(doc.createElement("button"), { type: "button", className: "btn", textContent: text });
      made.addEventListener("click", () => { place.replaceChildren(); act(); });
      row.append(made);
    };
    for (const one of codes) button(one.words ? `${one.words} ${one.code}` : one.code, () => scan(one.code));
    button(form.dataset.all, () => codes.forEach((one) => scan(one.code)));
    place.append(row);
  }

  async function photographed(form, file) {
    say(form, form.dataset.reading);
    form.setAttribute("aria-busy", "true");
    try {
      const { codes, sentence } = await read(form, await jpeg(file, LONGEST));
      if (codes.length === 1) { say(form, ""); scan(codes[0].code); }
      else say(form, sentence || form.dataset.which, codes);
      if (sentence) window.Shuxiang?.sounds?.play("no");
    } catch {
      say(form, form.dataset.lost);
      window.Shuxiang?.sounds?.play("no");
    }
    form.removeAttribute("aria-busy");
  }

  // ---- live: a code counts when two frames say the same, and once until it has left the picture
  async function eye() {
    if (!("BarcodeDetector" in window)) return null;
    const able = (await BarcodeDetector.getSupportedFormats()).filter((kind) => KINDS.includes(kind));
    return able.includes("ean_13") && able.includes("code_128") ? new BarcodeDetector({ formats: able }) : null;
  }

  async function watch(form, video, running) {
    const native = await eye().catch(() => null);
    let before = "", done = "", seen = 0;
    while (running()) {
      const began = performance.now();
      if (video.readyState >= 2 && !doc.hidden) {
        let code = "";
        try {
          if (native) code = (await native.detect(video))[0]?.rawValue ?? "";
          else code = (await read(form, await jpeg(video, FRAME))).codes[0]?.code ?? "";
        } catch { /* the next frame tries again */ }
        const now = performance.now();
        if (code && code === done) seen = now;
        else if (now - seen > FORGET) done = "";
        if (code && code === before && code !== done) { done = code; seen = now; scan(code); }
        before = code;
      }
      await new Promise((go) => setTimeout(go, Math.max(30, (native ? 120 : EVERY) - (performance.now() - began))));
    }
  }

  function live(form) {
    const button = form.querySelector("[data-live]"), place = form.querySelector("[data-live-box]"), video = place.querySelector("video");
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return;
    button.hidden = false;
    let stream = null;
    const stop = () => { stream?.getTracks().forEach((track) => track.stop()); stream = null; place.hidden = true; button.setAttribute("aria-pressed", "false"); };
    addEventListener("pagehide", stop);
    button.addEventListener("click", async () => {
      if (stream) return stop();
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
      } catch { return say(form, form.dataset.refused); }
      say(form, "");
      video.srcObject = stream;
      place.hidden = false;
      button.setAttribute("aria-pressed", "true");
      const mine = stream;
      await video.play().catch(() => {});
      watch(form, video, () => stream === mine);
    });
  }

  doc.addEventListener("DOMContentLoaded", () => {
    for (const form of doc.querySelectorAll("form[data-photo]")) {
      const input = form.querySelector('input[type="file"]');
      if (!doc.querySelector("[data-scan]")) continue; // a page without a box: the plain form stays
      form.classList.add("scripted");
      input.addEventListener("change", () => { if (input.files[0]) photographed(form, input.files[0]); input.value = ""; });
      live(form);
    }
  });
})();
