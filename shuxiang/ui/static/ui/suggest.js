// The catalogue: suggestions while one types (a combobox after the ARIA pattern), copy buttons, the print button.
// Everything on these pages works without this file.
(() => {
  "use strict";
  const doc = document;
  const WAIT = 120; // ms after the last key
  const KEPT = 50; // answers remembered

  function combobox(form) {
    const input = form.querySelector("input[type=search]");
    const list = doc.createElement("ul"), told = doc.createElement("p");
    const known = new Map();
    let timer = 0, asking = null, shownFor = "", at = -1;

    list.id = input.id + "-list";
    list.className = "suggested";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.list);
    told.className = "vh";
    told.setAttribute("role", "status");
    form.append(list, told);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function close() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(index) {
      list.children[at]?.setAttribute("aria-selected", "false");
      at = index;
      const option = list.children[at];
      if (!option) return input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    }

    function take(option) {
      if (option.dataset.url) return location.assign(option.dataset.url);
      input.value = option.dataset.text;
      close();
      form.requestSubmit();
    }

    function show(text, found) {
      shownFor = text;
      list.replaceChildren(...found.map((one, index) => {
        const option = doc.createElement("li"), words = doc.createElement("span");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.text = one.text;
        if (one.url) option.dataset.url = one.url;
        words.textContent = one.text;
        option.append(words);
        if (one.note) {
          const note = doc.createElement("small");
          note.textContent = one.note;
          option.append(note);
        }
        return option;
      }));
      choose(-1);
      const open = found.length > 0 && doc.activeElement === input;
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      told.textContent = open ? form.dataset.some.replace("{n}", found.length) : form.dataset.none;
    }

    async function ask() {
      const text = input.value.trim();
      if (!text) return close();
      if (known.has(text)) return show(text, known.get(text));
      asking?.abort();
      const mine = asking = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: mine.signal });
        if (!answer.ok) return;
        const found = (await answer.json()).suggestions;
        if (known.size >= KEPT) known.delete(known.keys().next().value);
        known.set(text, found);
        if (text === input.value.trim()) show(text, found);
      } catch { /* no answer, no suggestions: the form still works */ }
    }

    const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); };
    input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
    input.addEventListener("compositionend", later);
    input.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => { const option = event.target.closest("li"); if (option) take(option); });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const last = list.children.length - 1, open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) {
          if (last >= 0 && shownFor === input.value.trim()) show(shownFor, known.get(shownFor) ?? []);
          else ask();
        } else if (event.key === "ArrowDown") choose(at >= last ? -1 : at + 1);
        else choose(at < 0 ? last : at - 1);
      } else if (event.key === "Enter" && open && at >= 0) {
        event.preventDefault();
        take(list.children[at]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        close();
      }
    });
  }

  const said = doc.createElement("p"); // tells screen readers that something was copied
  said.className = "vh";
  said.setAttribute("role", "status");

  async function copy(button) {
    const field = doc.getElementById(button.dataset.copy);
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch { // not offered outside secure pages, which a school's network seldom has
      if (!doc.execCommand("copy")) return;
    }
    const words = button.textContent;
    button.textContent = said.textContent = button.dataset.done;
    button.focus();
    setTimeout(() => { button.textContent = words; said.textContent = ""; }, 2000);
  }

  doc.querySelectorAll("form[data-suggest]").forEach(combobox);
  doc.querySelectorAll("[data-copy]").forEach((button) => {
    if (!said.parentNode) doc.getElementById("main").append(said);
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
  doc.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();
