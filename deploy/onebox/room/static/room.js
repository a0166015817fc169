"use strict";

// Pictures are asked for one after the other, at most once a second each, and not at all while nobody looks.
const PICTURE_MS = 1000;
const TICKETS_MS = 1000;
const TICKETS_SHOWN = 12;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function whileSeen(every, act) {
  for (;;) {
    if (!document.hidden) await act();
    await wait(every);
  }
}

function post(url, body) {
  return fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// Live pictures: kept as they are when the answer is the same picture.
function live(device) {
  const picture = device.querySelector("img");
  const away = device.querySelector(".away");
  let tag = "";
  const look = async () => {
    try {
      // no-cache: the browser asks by the tag of what it has, and an unchanged picture does not travel again
      const answer = await fetch(device.dataset.picture, { cache: "no-cache" });
      if (!answer.ok) throw new Error(answer.status);
      const now = answer.headers.get("ETag") || "";
      if (!now || now !== tag) {
        tag = now;
        const before = picture.src;
        picture.src = URL.createObjectURL(await answer.blob());
        if (before) URL.revokeObjectURL(before);
      }
      device.classList.add("live");
      device.classList.remove("lost");
      away.hidden = true;
    } catch {
      tag = "";
      device.classList.add("lost");
      device.classList.remove("live");
      away.hidden = false;
    }
  };
  whileSeen(PICTURE_MS, look);
  return look;
}

function touchable(device, look) {
  const picture = device.querySelector("img");
  picture.addEventListener("click", async (event) => {
    const box = picture.getBoundingClientRect();
    const scale = picture.naturalWidth / box.width;
    const ring = document.createElement("span");
    ring.className = "ring";
    ring.style.left = `${event.clientX - box.left}px`;
    ring.style.top = `${event.clientY - box.top}px`;
    picture.parentElement.append(ring);
    setTimeout(() => ring.remove(), 700);
    await post(device.dataset.touch, {
      x: Math.round((event.clientX - box.left) * scale),
      y: Math.round((event.clientY - box.top) * scale),
    });
    await look();
  });
}

function slip(ticket) {
  const item = document.createElement("li");
  item.className = "slip new";
  const link = document.createElement("a");
  link.href = new URL(ticket.png).pathname;
  link.target = "_blank";
  link.rel = "noopener";
  const picture = document.createElement("img");
  picture.src = link.href;
  picture.alt = ticket.text;
  link.append(picture);
  const note = document.createElement("p");
  note.textContent = `no. ${ticket.n} out of the printer${ticket.cut ? "" : ", not cut"}`;
  item.append(link, note);
  return item;
}

function roll(list) {
  const shown = new Set();
  whileSeen(TICKETS_MS, async () => {
    try {
      const answer = await fetch(list.dataset.tickets, { cache: "no-store" });
      if (!answer.ok) return;
      for (const ticket of (await answer.json()).slice(-TICKETS_SHOWN)) {
        if (shown.has(ticket.n)) continue;
        shown.add(ticket.n);
        list.querySelector(".none")?.remove();
        list.prepend(slip(ticket));
      }
      while (list.children.length > TICKETS_SHOWN) list.lastElementChild.remove();
    } catch { /* the room itself is away: its pictures say so */ }
  });
}

function faults(box) {
  const said = box.querySelector(".said");
  box.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const fault = button.dataset.fault;
    const answer = await post(box.dataset.printer, { fault }).catch(() => null);
    if (!answer || !answer.ok) {
      said.textContent = "The printer's panel does not answer.";
      return;
    }
    said.textContent = fault === "none" ? "All faults are over." : "Done. Watch the dispenser.";
    for (const other of box.querySelectorAll("button")) {
      if (fault === "none") other.removeAttribute("aria-pressed");
    }
    if (fault !== "none" && fault !== "power_cycle") button.setAttribute("aria-pressed", "true");
  });
}

function desk(box) {
  const frame = box.querySelector("iframe");
  const beside = box.querySelector(".beside");
  const tabs = [...box.querySelectorAll("[role=tab]")];
  const open = (tab) => {
    for (const other of tabs) other.setAttribute("aria-selected", String(other === tab));
    frame.src = beside.href = tab.dataset.page;
    frame.title = tab.textContent;
  };
  for (const tab of tabs) tab.addEventListener("click", () => open(tab));
  if (tabs.length) open(tabs[0]);
}

async function clock() {
  const field = document.getElementById("time");
  let anchor = null;
  const fetchTime = async () => {
    try {
      const answer = await (await fetch("/room/clock", { cache: "no-store" })).json();
      anchor = { ...answer, office: Date.parse(answer.at), wall: performance.now() };
    } catch { /* keep the last one */ }
  };
  await fetchTime();
  setInterval(fetchTime, 30000);
  setInterval(() => {
    if (!anchor) return;
    const now = new Date(anchor.office + (performance.now() - anchor.wall) * anchor.pace);
    const options = { timeZone: anchor.zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
    const day = anchor.simulated ? { weekday: "short", day: "numeric", month: "short" } : {};
    field.textContent = now.toLocaleString("en-GB", { ...options, ...day });
  }, 250);
}

for (const device of document.querySelectorAll("[data-picture]")) {
  const look = live(device);
  if (device.dataset.touch) touchable(device, look);
}
document.querySelectorAll("[data-tickets]").forEach(roll);
document.querySelectorAll("[data-printer]").forEach(faults);
document.querySelectorAll(".desk").forEach(desk);
clock();
