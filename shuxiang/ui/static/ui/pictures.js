// Picture codes: the four pictures are gathered here and sent at once, so that three of them never stand in a page.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("[data-pictures]")) {
    const length = Number(form.dataset.length), chosen = [];
    const dots = form.querySelectorAll(".dots i"), told = form.querySelector("[data-pressed]");
    const show = () => {
      dots.forEach((dot, place) => dot.classList.toggle("on", place < chosen.length));
      told.textContent = `${told.dataset.words} ${chosen.length}`;
    };
    form.addEventListener("submit", (event) => {
      const pressed = event.submitter;
      if (pressed?.name === "again") { event.preventDefault(); chosen.length = 0; show(); return; }
      if (pressed?.name !== "picture" || form.dataset.sent) { event.preventDefault(); return; }
      event.preventDefault();
      chosen.push(pressed.value);
      show();
      if (chosen.length < length) return;
      form.dataset.sent = "yes";
      form.elements.so_far.value = chosen.join(",");
      form.submit();
    });
    form.elements.so_far.value = "";
    show();
  }
})();
