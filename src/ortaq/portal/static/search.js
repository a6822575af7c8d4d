// Search as you type, and the keyboard: "/" goes to the words, arrows walk over the hits, Enter opens one.
// The page works the same without this file, by its button and links.
"use strict";
(() => {
  const form = document.querySelector("form.search");
  const box = document.getElementById("q");
  if (!form || !box) return;
  const DELAY = 250; // milliseconds after the last key
  let timer = 0;
  let running = null;

  const address = () => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value.trim() && !(name === "mode" && value === "both")) asked.set(name, value.trim());
    }
    return "/search" + (asked.size ? "?" + asked : "");
  };

  const show = async () => {
    const wanted = address();
    if (running) running.abort();
    running = new AbortController();
    try {
      const answer = await fetch(wanted, { signal: running.signal, headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = read.getElementById("answer");
      if (!fresh) return;
      document.getElementById("answer").replaceWith(fresh);
      document.title = read.title;
      const told = document.getElementById("hits");
      document.getElementById("told").textContent = told ? told.textContent : "";
      history.replaceState(null, "", wanted);
    } catch {
      // Aborted by the next key, or the network is gone: the button still works.
    }
  };

  const later = (delay) => { clearTimeout(timer); timer = setTimeout(show, delay); };
  box.addEventListener("input", (event) => { if (!event.isComposing) later(DELAY); });
  box.addEventListener("compositionend", () => later(DELAY));
  form.addEventListener("change", (event) => { if (event.target !== box) later(0); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    const typing = at && at.matches("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (!typing || at === box)) {
      const links = [...document.querySelectorAll(".results h3 a")];
      const place = links.indexOf(at);
      if (!links.length || (place < 0 && at !== box)) return;
      const next = place + (event.key === "ArrowDown" ? 1 : -1);
      if (next >= links.length || (place < 0 && next < 0)) return;
      event.preventDefault();
      (next < 0 ? box : links[next]).focus();
    }
  });
})();
