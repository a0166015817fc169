// What a script adds to the booking pages: where to look after a refusal, how long a time is still kept, a list that
// follows what is typed into its search field. All of it works without.
"use strict";
(() => {
  const summary = document.getElementById("summary");
  if (summary) summary.focus();
})();

(() => {
  const kept = document.getElementById("kept");
  if (!kept) return;
  const left = document.getElementById("kept-left");
  const said = document.getElementById("kept-said");
  const until = performance.now() + Number(kept.dataset.left) * 1000;
  const SAY_AT = [2, 0]; // minutes: whoever listens is not interrupted more often
  let before = Infinity;

  function show() {
    const minutes = Math.max(0, Math.ceil((until - performance.now()) / 60000));
    if (minutes !== before) {
      const words = minutes === 1 ? kept.dataset.one : kept.dataset.other.replace("{n}", String(minutes));
      if (minutes > 0) left.textContent = words;
      else kept.textContent = kept.dataset.over;
      if (before !== Infinity && SAY_AT.includes(minutes)) said.textContent = minutes > 0 ? words : kept.dataset.over;
      before = minutes;
    }
    if (minutes > 0) setTimeout(show, Math.min(60000, (until - performance.now()) % 60000 + 50));
  }
  show();
})();

(() => {
  const search = document.getElementById("search");
  if (!search) return;
  const field = document.getElementById("q");
  const found = document.getElementById("found");
  const items = [...document.querySelectorAll("[data-words]")];
  const all = document.getElementById("all");
  if (all) return; // the list was filtered by the address: what is not in it cannot come back
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trim();
  let timer = 0;

  function filter() {
    const parts = plain(field.value).split(/\s+/).filter(Boolean);
    let number = 0;
    for (const item of items) {
      item.hidden = !parts.every((part) => item.dataset.words.includes(part));
      if (!item.hidden) number += 1;
    }
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector("[data-words]:not([hidden])");
    clearTimeout(timer); // said once the typing rests
    timer = setTimeout(() => {
      const { none, one, other } = search.dataset;
      found.textContent = parts.length === 0 ? "" : number === 0 ? none : number === 1 ? one : other.replace("{n}", String(number));
    }, 400);
  }
  field.addEventListener("input", filter);
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  if (field.value) filter();
})();
