// The operator's page, live. One command at a time; each has an id and is repeated with it, so that it counts once.
"use strict";
(() => {
  const root = document.getElementById("counter");
  if (!root) return;
  const texts = JSON.parse(root.dataset.texts);
  const message = document.getElementById("message");
  const linkState = document.getElementById("link-state");
  const ask = document.getElementById("ask");
  const askTitle = document.getElementById("ask-title");
  const undoLeft = document.getElementById("undo-left");
  const shortcuts = document.getElementById("shortcuts");
  const REPEATS = 3, REPEAT_MS = 2000, POLL_MS = 3000;
  let may = root.dataset.may.split(" ");
  let label = null;
  let busy = false;
  let shown = -1;
  let undoUntil = root.dataset.undo ? performance.now() + Number(root.dataset.undo) * 1000 : 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function say(text, kind) {
    message.textContent = text;
    message.className = `flash ${kind}`;
    message.hidden = !text;
  }

  function enable() {
    for (const button of root.querySelectorAll("button[name=action][data-key]")) {
      button.setAttribute("aria-disabled", String(busy || !may.includes(button.value)));
    }
    root.classList.toggle("busy", busy);
  }

  // ---- what is shown

  function apply(live) {
    if (live.number < shown) return; // an answer that was overtaken by a later state
    shown = live.number;
    for (const [name, html] of Object.entries(live.parts)) {
      const part = root.querySelector(`[data-part="${name}"]`);
      if (part.dataset.html === html) continue;
      const focused = part.contains(document.activeElement) ? document.activeElement.id : null;
      part.innerHTML = html;
      part.dataset.html = html;
      if (focused) (document.getElementById(focused) ?? document.getElementById("content")).focus();
    }
    for (const input of root.querySelectorAll("[data-holding]")) input.value = live.holding ?? "";
    may = live.may;
    undoUntil = live.undo_s ? performance.now() + live.undo_s * 1000 : 0;
    if (live.label !== label) {
      hideQuestion();
      if (live.label && label !== null) say(fill(texts.called, { label: live.label }), "done");
      label = live.label;
      document.title = (label ? `${label} – ` : "") + root.dataset.title;
    }
    tick();
    enable();
  }

  function tick() {
    const left = Math.ceil((undoUntil - performance.now()) / 1000);
    if (left <= 0 && may.includes("undo")) {
      may = may.filter((name) => name !== "undo");
      enable();
    }
    undoLeft.textContent = left > 0 ? ` ${fill(texts.undo, { n: left })}` : "";
  }

  function question(action, typed) {
    document.getElementById("ask-then").value = action;
    document.getElementById("ask-label").value = typed ?? "";
    askTitle.textContent = fill(askTitle.dataset.template, { label: label ?? "" });
    ask.hidden = false;
    document.getElementById("ask-present").focus();
  }

  function hideQuestion() {
    if (ask.hidden) return;
    const inside = ask.contains(document.activeElement);
    ask.hidden = true;
    if (inside) document.querySelector("button[value=next]").focus();
  }

  // ---- commands

  async function command(form, submitter) {
    if (busy || submitter?.getAttribute("aria-disabled") === "true") return;
    busy = true;
    enable();
    const data = new FormData(form, submitter);
    data.set("request_id", newId());
    try {
      const outcome = await deliver(form.getAttribute("action"), data);
      if (outcome === null) {
        say(texts.failed, "error");
        return;
      }
      if (outcome.live.number >= shown) label = outcome.live.label;
      apply(outcome.live);
      document.title = (label ? `${label} – ` : "") + root.dataset.title;
      say(outcome.message, outcome.ok ? "done" : "error");
      if (outcome.ask) {
        question(outcome.ask, outcome.label);
      } else {
        hideQuestion();
        if (outcome.ok) closePanel(form.closest("details.panel"));
      }
    } finally {
      busy = false;
      enable();
    }
  }

  async function deliver(url, data) {
    for (let attempt = 0; attempt <= REPEATS; attempt += 1) {
      const began = performance.now();
      if (attempt > 0) say(texts.repeating, "error");
      try {
        const response = await fetch(url, {
          method: "POST",
          body: data,
          headers: { Accept: "application/json" },
          signal: AbortSignal.timeout(REPEAT_MS),
        });
        if (response.status === 401) {
          location.reload();
          return null;
        }
        if (response.headers.get("Content-Type")?.startsWith("application/json")) return await response.json();
        if (response.status < 500) return null;
      } catch {
        // no answer in time, or no connection: the same id goes out again
      }
      if (attempt < REPEATS) await pause(Math.max(0, REPEAT_MS - (performance.now() - began)));
    }
    return null;
  }

  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-command]");
    if (!form) return;
    event.preventDefault();
    command(form, event.submitter);
  });

  // ---- keys

  function closePanel(panel) {
    if (!panel || !panel.open) return;
    const inside = panel.contains(document.activeElement);
    panel.open = false;
    panel.querySelector("form")?.reset();
    if (inside) panel.querySelector("summary").focus();
  }

  function openPanel(panel) {
    for (const other of root.querySelectorAll("details.panel[open]")) if (other !== panel) other.open = false;
    panel.open = true;
    (panel.querySelector("form select, form input:not([type=hidden])") ?? panel.querySelector("summary")).focus();
  }

  function isTyping(target) {
    return target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = root.querySelector("details.panel[open]");
      if (open) closePanel(open);
      else hideQuestion();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !shortcuts.checked || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (!ask.hidden && ["s", "a", "n"].includes(key)) {
      // The key of "next" answers nothing: pressed twice in haste it must not declare anybody absent.
      event.preventDefault();
      if (key !== "n") ask.querySelector(`button[value=${key === "s" ? "present" : "missing"}]`).click();
      return;
    }
    const wanted = key === " " && event.target.closest("button, a, summary, input") === null ? "n" : key;
    const panel = root.querySelector(`details.panel[data-key="${CSS.escape(wanted)}"]`);
    const button = root.querySelector(`button[data-key="${CSS.escape(wanted)}"]`);
    if (!panel && !button) return;
    event.preventDefault();
    if (panel) openPanel(panel);
    else button.click();
  });

  try {
    shortcuts.checked = localStorage.getItem("shortcuts") !== "off";
    shortcuts.addEventListener("change", () => localStorage.setItem("shortcuts", shortcuts.checked ? "on" : "off"));
  } catch {
    // a browser that stores nothing: the setting holds for this page
  }

  // ---- live

  function listen() {
    const source = new EventSource(root.dataset.events);
    source.onmessage = (event) => {
      linkState.textContent = texts.connected;
      linkState.className = "link-state good";
      apply(JSON.parse(event.data));
    };
    source.onopen = () => { shown = -1; };
    source.onerror = () => {
      linkState.textContent = texts.offline;
      linkState.className = "link-state bad";
      if (source.readyState === EventSource.CLOSED) poll();
    };
  }

  async function poll() {
    try {
      const response = await fetch(root.dataset.live, { cache: "no-cache", signal: AbortSignal.timeout(8000) });
      if (response.status === 401) {
        say(texts.logged_out, "error");
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const live = await response.json();
      if (!busy) {
        shown = -1;
        apply(live);
      }
      linkState.textContent = texts.polling;
      linkState.className = "link-state good";
    } catch {
      linkState.textContent = texts.offline;
      linkState.className = "link-state bad";
    }
    setTimeout(poll, POLL_MS);
  }

  label = root.querySelector(".here-label")?.textContent ?? null;
  setInterval(tick, 500);
  tick();
  enable();
  if (!ask.hidden) document.getElementById("ask-present").focus();
  listen();
})();
