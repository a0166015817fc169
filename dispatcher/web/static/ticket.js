// Keeps a ticket's page true: asks again with the ETag that the browser keeps, and says when there is no news.
"use strict";
(() => {
  const live = document.getElementById("live");
  const stale = document.getElementById("stale");
  if (!live) return;
  const baseTitle = document.title;
  let html = live.innerHTML.trim();
  let lastNews = new Date();
  let timer = 0;

  const article = () => live.querySelector("article");

  function show() {
    const now = article();
    const called = now.dataset.state === "called";
    document.title = called ? `● ${now.querySelector(".state-words").textContent} ${baseTitle}` : baseTitle;
    document.body.classList.toggle("is-called", called);
    for (const [id, may] of [["later", now.dataset.extend], ["leave", now.dataset.leave]]) {
      const form = document.getElementById(id);
      if (form) form.hidden = !may;
    }
    const acts = document.getElementById("acts");
    if (acts) acts.hidden = !now.dataset.extend && !now.dataset.leave;
  }

  async function ask() {
    try {
      const response = await fetch(live.dataset.url, { cache: "no-cache", signal: AbortSignal.timeout(8000) });
      if (!response.ok) throw new Error(String(response.status));
      const text = (await response.text()).trim();
      if (text !== html) {
        html = text;
        live.innerHTML = text;
        show();
      }
      lastNews = new Date();
      stale.hidden = true;
    } catch {
      const at = lastNews.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      stale.textContent = live.dataset.stale.replace("{time}", at);
      stale.hidden = false;
    }
    plan();
  }

  function plan() {
    const seconds = Number(article().dataset.poll);
    clearTimeout(timer);
    if (seconds > 0) timer = setTimeout(ask, seconds * 1000);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Number(article().dataset.poll) === 0) return;
    clearTimeout(timer);
    ask();
  });
  show();
  plan();
})();
