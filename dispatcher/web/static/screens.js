// The pictures of the screens come anew every few seconds while somebody looks; a new one is shown when it is complete.
"use strict";
(() => {
  const EVERY_MS = 5000;
  const box = document.getElementById("screens");
  const stale = document.getElementById("screens-stale");
  let timer = 0;
  let html = box.innerHTML.trim();

  async function fetchNow() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const response = await fetch(box.dataset.url, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (!response.ok) throw new Error(String(response.status));
      const text = (await response.text()).trim();
      if (text !== html) {
        const made = document.createElement("template");
        made.innerHTML = text;
        const fresh = document.importNode(made.content, true);
        await Promise.allSettled([...fresh.querySelectorAll("img")].map((image) => image.decode()));
        box.replaceChildren(fresh);
        html = text;
      }
      stale.hidden = true;
    } catch {
      stale.hidden = false;
    }
    clearTimeout(timer);
    timer = setTimeout(fetchNow, EVERY_MS);
  }

  document.addEventListener("visibilitychange", fetchNow);
  timer = setTimeout(fetchNow, EVERY_MS);
})();
