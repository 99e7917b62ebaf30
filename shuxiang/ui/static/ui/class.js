// The class desk: after an act the box is ready again, and a tile that was pressed answers at once.
(() => {
  "use strict";
  const doc = document;
  const box = () => doc.getElementById("scan");
  // On a telephone the keyboard would come up over the wall: there the box is focused by the finger alone.
  const byKeyboard = matchMedia("(pointer: fine)");

  doc.addEventListener("acts:done", () => {
    const at = doc.activeElement;
    if (byKeyboard.matches && (!at || at === doc.body || at.closest("#wall, #said"))) box()?.focus();
    if (!byKeyboard.matches) doc.querySelector("#said .act")?.scrollIntoView({ block: "nearest" });
  });

  doc.addEventListener("click", (event) => {
    const tile = event.target.closest("#wall .pupil");
    if (!tile) return;
    const was = tile.getAttribute("aria-pressed") === "true";
    for (const other of doc.querySelectorAll('#wall [aria-pressed="true"]')) other.setAttribute("aria-pressed", "false");
    tile.setAttribute("aria-pressed", String(!was));
  });

  // Arrow keys walk the wall as it stands.
  doc.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    const here = doc.activeElement?.closest("#wall li");
    if (!step || event.ctrlKey || event.altKey) return;
    const tiles = [...doc.querySelectorAll("#wall li")];
    if (!here) {
      if (event.key === "ArrowDown" && doc.activeElement === box() && tiles.length) {
        event.preventDefault();
        (doc.querySelector('#wall [aria-pressed="true"]') ?? tiles[0].querySelector("button")).focus();
      }
      return;
    }
    event.preventDefault();
    const top = tiles[0].offsetTop, columns = tiles.filter((tile) => tile.offsetTop === top).length;
    const next = tiles[tiles.indexOf(here) + step[0] + step[1] * columns];
    if (next) next.querySelector("button").focus();
    else if (event.key === "ArrowUp") box()?.focus();
  });
})();
