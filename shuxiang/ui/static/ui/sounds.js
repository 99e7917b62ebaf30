// Five short tones (yes, ask, no, undo, kept for later). Web Audio only; each is also said by a seal on the screen. Volume and the
// off switch are kept on this device. `Shuxiang.sounds.play("yes")`; `Shuxiang.sounds.of(element)` plays its data-sound.
(() => {
  "use strict";
  const app = (window.Shuxiang ||= {});
  const TONES = { yes: [[880, 90]], ask: [[660, 90], [660, 90]], no: [[220, 260]], undo: [[880, 90], [660, 90]], kept: [[520, 70], [520, 70]] };
  const LOUDEST = 0.4;
  const read = (key, otherwise) => { try { return localStorage.getItem(key) ?? otherwise; } catch { return otherwise; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window forgets */ } };
  const isOn = () => read("shuxiang.sound", "on") !== "off";
  const volume = () => Math.min(100, Math.max(0, Number(read("shuxiang.volume", "50")) || 0));
  let audio;

  function play(name) {
    document.documentElement.dataset.toned = name;
    if (!TONES[name] || !isOn() || !volume() || !window.AudioContext) return;
    audio ||= new AudioContext();
    audio.resume().catch(() => {});
    let at = audio.currentTime + 0.01;
    for (const [hertz, milliseconds] of TONES[name]) {
      const wave = audio.createOscillator(), gain = audio.createGain(), end = at + milliseconds / 1000;
      wave.frequency.value = hertz;
      gain.gain.setValueAtTime(LOUDEST * (volume() / 100), at);
      gain.gain.setTargetAtTime(0, end - 0.02, 0.008);
      wave.connect(gain).connect(audio.destination);
      wave.start(at);
      wave.stop(end + 0.03);
      at = end + 0.05;
    }
  }

  function of(root) {
    const told = root.matches?.("[data-sound]") ? root : root.querySelector?.("[data-sound]");
    if (told) play(told.dataset.sound);
  }
  app.sounds = { play, of };

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-sound-switch]")) {
      const strength = document.querySelector("[data-sound-volume]");
      const show = () => { if (strength) strength.disabled = !box.checked; };
      for (const control of [box, strength]) if (control) control.closest("[hidden]")?.removeAttribute("hidden");
      box.checked = isOn();
      show();
      box.addEventListener("change", () => { keep("shuxiang.sound", box.checked ? "on" : "off"); show(); play("yes"); });
      if (!strength) continue;
      strength.value = volume();
      strength.addEventListener("change", () => { keep("shuxiang.volume", strength.value); play("yes"); });
    }
    of(document.body);
  });
})();
