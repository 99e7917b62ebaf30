// The scanner at the door: after a while the greeting is forgotten, and the box has the focus again whatever was touched.
(() => {
  "use strict";
  const page = document.querySelector("[data-door]");
  if (!page) return;
  const box = page.querySelector("#scan"), hello = page.querySelector(".hello");
  window.Shuxiang?.sounds?.of(hello);
  setTimeout(() => { hello.replaceChildren(); hello.classList.remove("no"); }, 5000);
  document.addEventListener("focusout", () => setTimeout(() => { if (document.activeElement === document.body) box.focus(); }, 50));
  box.focus();
})();
