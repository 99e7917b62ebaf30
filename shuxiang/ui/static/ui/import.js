// The import wizard: a file may be dropped, its size is shown, and changed columns must be tried before they are entered.
(() => {
  "use strict";
  const doc = document;
  const field = doc.querySelector("[data-drop] input[type=file]");

  if (field) {
    const zone = field.closest("[data-drop]"), told = zone.querySelector("[data-chosen]");
    const units = ["kB", "MB", "GB"];
    function size(bytes) {
      let value = bytes / 1024, unit = 0;
      while (value >= 1000 && unit < units.length - 1) { value /= 1024; unit += 1; }
      return `${value.toLocaleString(doc.documentElement.lang, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[unit]}`;
    }
    function tell() {
      const file = field.files[0];
      told.hidden = !file;
      told.textContent = file ? `${file.name} · ${size(file.size)}` : "";
    }
    field.addEventListener("change", tell);
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        zone.classList.add("over");
      });
    }
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      field.files = one.files;
      tell();
    });
    tell();
  }

  const columns = doc.querySelector("[data-columns]");
  const enter = doc.querySelector("[data-enter]");
  if (columns && enter) {
    columns.addEventListener("change", (event) => {
      if (event.target.name === "save_as") return;
      enter.disabled = true;
      doc.querySelector("[data-stale]").hidden = false;
      doc.querySelector("[data-fresh]").hidden = true;
      columns.querySelector("button").classList.add("go");
      enter.classList.remove("go");
    });
  }
})();
