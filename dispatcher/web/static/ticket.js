// Keeps a ticket's page true: asks again with the ETag that the browser keeps, and says when there is no news.
"use strict";
(() => {
  const live = document.getElementById("live");
  const stale = document.getElementById("stale");
  if (!live) return;
  const baseTitle = document.title;
  const sound = document.getElementById("sound");
  const soundButton = sound.querySelector("button");
  let html = live.innerHTML.trim();
  let before = live.querySelector("article").dataset;
  let lastNews = new Date();
  let timer = 0;
  let asking = false;
  let audio = null;

  const article = () => live.querySelector("article");
  const words = (...names) =>
    names.map((name) => article().querySelector(name)?.textContent ?? "").filter(Boolean).join(" ");

  function show() {
    const now = article().dataset;
    const called = now.state === "called";
    document.title = called ? `● ${words(".state-words", ".number-counter")} ${baseTitle}` : baseTitle;
    document.body.classList.toggle("is-called", called);
    for (const [id, may] of [["later", now.extend], ["leave", now.leave]]) {
      const part = document.getElementById(id);
      if (part) part.hidden = !may;
    }
    const acts = document.getElementById("acts");
    if (acts) acts.hidden = !now.extend && !now.leave;
    sound.hidden = !window.AudioContext || now.poll === "0" || called || now.state === "serving";
  }

  // Regions that were there before their text are read out; the part that is replaced is not.
  function tell() {
    const now = article().dataset;
    const called = now.state === "called";
    if (called && (before.state !== "called" || before.called !== now.called)) {
      document.getElementById("called").textContent = words("h1", ".state-words", ".number-counter");
      ring();
    } else if (now.state !== before.state) {
      document.getElementById("said").textContent = words(".state-words");
    } else if (now.state === "waiting" && Number(now.poll) < 20) {
      document.getElementById("said").textContent = words(".number-ahead");
    }
    before = now;
  }

  function ring() {
    navigator.vibrate?.([400, 200, 400]);
    if (!audio) return;
    for (const again of [0, 1.6, 3.2]) {
      for (const [at, pitch] of [[0, 659], [0.3, 523], [0.6, 784]]) note(audio.currentTime + again + at, pitch);
    }
  }

  function note(at, pitch) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.001, at);
    volume.gain.exponentialRampToValueAtTime(0.4, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.28);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }

  // A browser lets a page sound only after a touch: the touch plays one tone, so that it is known.
  soundButton.addEventListener("click", () => {
    if (audio) {
      audio.close();
      audio = null;
    } else {
      audio = new AudioContext();
      audio.resume();
      note(audio.currentTime + 0.05, 659);
    }
    soundButton.setAttribute("aria-pressed", String(Boolean(audio)));
  });

  function cutOff() {
    const at = lastNews.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    stale.textContent = live.dataset.stale.replace("{time}", at);
    stale.hidden = false;
  }

  async function ask() {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    try {
      const response = await fetch(live.dataset.url, { cache: "no-cache", signal: AbortSignal.timeout(8000) });
      if (!response.ok) throw new Error(String(response.status));
      const text = (await response.text()).trim();
      if (text !== html) {
        html = text;
        live.innerHTML = text;
        show();
        tell();
      }
      lastNews = new Date();
      stale.hidden = true;
    } catch {
      cutOff();
    }
    asking = false;
    plan();
  }

  function plan() {
    const seconds = Number(article().dataset.poll);
    clearTimeout(timer);
    if (seconds > 0) timer = setTimeout(ask, seconds * 1000);
  }

  const askNow = () => {
    if (!document.hidden && Number(article().dataset.poll) > 0) ask();
  };
  document.addEventListener("visibilitychange", askNow);
  window.addEventListener("pageshow", (shown) => shown.persisted && askNow());
  window.addEventListener("online", askNow);
  window.addEventListener("offline", () => Number(article().dataset.poll) > 0 && cutOff());
  show();
  plan();
})();
