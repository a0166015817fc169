// The anti-robot check by itself, while the person types. Where it cannot work the question in words stays.
"use strict";
(() => {
  const part = document.getElementById("robot");
  if (!part || !part.dataset.challenge || !window.Worker) return;
  const form = part.closest("form");
  const said = document.getElementById("robot-state");
  const question = document.getElementById("robot-question");
  const answer = document.getElementById("answer");
  const field = document.getElementById("altcha");
  let worker = null;
  let waiting = false;

  function solve(challenge) {
    if (worker) worker.terminate();
    field.value = "";
    question.hidden = true;
    answer.value = "";
    said.textContent = part.dataset.working;
    worker = new Worker(part.dataset.worker);
    worker.onmessage = ({ data: solution }) => {
      field.value = btoa(JSON.stringify({ challenge, solution }));
      said.textContent = part.dataset.done;
      if (waiting) form.requestSubmit();
    };
    worker.onerror = ask;
    worker.postMessage(challenge);
  }

  function ask() {
    waiting = false;
    said.textContent = "";
    question.hidden = false;
  }

  async function renew() {
    try {
      const response = await fetch(part.dataset.renew, { cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      start(await response.json());
    } catch {
      field.value = "";
      ask();
    }
  }

  function start(challenge) {
    try {
      solve(challenge);
      setTimeout(renew, (Number(part.dataset.lifetime) - 300) * 1000); // five minutes are left to read and confirm
    } catch {
      ask();
    }
  }

  form.addEventListener("submit", (event) => {
    if (field.value || !question.hidden) return;
    event.preventDefault(); // a moment too early: it goes by itself when the check is done
    waiting = true;
    said.textContent = part.dataset.wait;
  });
  start(JSON.parse(part.dataset.challenge));
})();
