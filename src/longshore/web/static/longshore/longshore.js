// Small comforts: every page reads and works without them. The content policy forbids inline
// handlers, so everything hangs on data attributes.
"use strict";

const whole = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });

/* Ages stay true: each second below a minute, then each minute, the clock after an hour. The words
   come with the page; only the number moves. */
function tick() {
  const { ageSeconds, ageMinutes } = document.body.dataset;
  for (const time of document.querySelectorAll("time[data-age]")) {
    const passed = Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (passed < 0) continue;
    let text = time.dataset.clock;
    if (passed < 60) text = ageSeconds.replace("{}", whole.format(passed));
    else if (passed < 3600) text = ageMinutes.replace("{}", whole.format(Math.floor(passed / 60)));
    if (time.textContent !== text) time.textContent = text;
  }
}
setInterval(tick, 1000);

/* One box picks all rows of its form; the bar says how many are picked. */
function countPicked(form) {
  const boxes = [...form.querySelectorAll("[data-pick]")];
  const picked = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-pick-all]");
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
  for (const out of form.querySelectorAll("[data-picked]")) out.textContent = whole.format(picked);
}
document.addEventListener("change", ({ target }) => {
  if (!target.form || !target.matches("[data-pick], [data-pick-all]")) return;
  if (target.matches("[data-pick-all]"))
    for (const box of target.form.querySelectorAll("[data-pick]")) box.checked = target.checked;
  countPicked(target.form);
});
document.querySelectorAll("form[data-picks]").forEach(countPicked);

/* Single keys: "/" finds, j and k walk the rows, Enter opens, x picks, "?" lists the keys. Whoever
   speaks to the computer, or types by accident, switches them off; that stays on this device. */
const keysDialog = document.getElementById("keys");
const keysBox = keysDialog?.querySelector("[data-keys-on]");
const keysOn = () => localStorage.getItem("longshore-keys") !== "off";
if (keysBox) {
  keysBox.checked = keysOn();
  keysBox.addEventListener("change", () =>
    localStorage.setItem("longshore-keys", keysBox.checked ? "on" : "off"));
}
function walk(step) {
  const rows = [...document.querySelectorAll("tr[data-row]")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => "at" in row.dataset);
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  if (now >= 0) delete rows[now].dataset.at;
  next.dataset.at = "";
  (next.querySelector("a.t") ?? next).focus?.({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
const keys = {
  "/": () => document.querySelector("[data-find]")?.focus(),
  j: () => walk(1),
  k: () => walk(-1),
  x: () => document.querySelector("tr[data-at] [data-pick]")?.click(),
  "?": () => keysDialog?.showModal(),
};
document.addEventListener("keydown", (event) => {
  const action = keys[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  if (!keysOn() && event.key !== "?") return;
  event.preventDefault();
  action();
});

/* A button that asks first: its question, what follows, and its own verb for the answer. */
const sure = document.getElementById("sure");
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!sure || !button?.dataset.ask || "sure" in button.dataset) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const [, question, follows] = button.dataset.ask.match(/^(.*?\?)\s*(.*)$/s) ?? [, button.dataset.ask, ""];
  sure.querySelector("h2").textContent = question;
  sure.querySelector("p").textContent = follows;
  sure.querySelector(".danger").textContent = button.getAttribute("aria-label") || button.textContent;
  sure.returnValue = "";
  sure.onclose = () => {
    if (sure.returnValue !== "yes") return button.focus();
    button.dataset.sure = "";
    event.target.requestSubmit(button);
    delete button.dataset.sure;
  };
  sure.showModal();
});

/* A pressed button says that it works, and is not pressed twice. */
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || "free" in button.dataset || event.target.method === "dialog") return;
  if ("busy" in event.target.dataset) return event.preventDefault();
  event.target.dataset.busy = "";
  button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  for (const one of document.querySelectorAll(".btn[aria-busy=true]")) one.removeAttribute("aria-busy");
});

/* A button that asks first: its dialog's verbs are the answer. */
document.addEventListener("click", ({ target }) => {
  const asks = target.closest("[data-opens]");
  if (asks) document.getElementById(asks.dataset.opens)?.showModal();
});

/* What a page reads again by itself may not come: then it says so, until it comes again. */
const lost = document.querySelector("[data-lost]");
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
  document.body.addEventListener(name, () => { if (lost) lost.hidden = false; });
document.body.addEventListener("htmx:afterOnLoad", () => { if (lost) lost.hidden = true; });

/* Copying; without the right to, the text is selected at least. */
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.done;
  } catch { /* the selection stays */ }
});

/* A toast leaves after 10 seconds, not while somebody looks at it. */
for (const toast of document.querySelectorAll(".toasts [data-toast]")) {
  const leave = () =>
    toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove();
  setTimeout(leave, 10000);
}

/* On a phone the tab one stands on may lie outside the strip. */
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

/* The first field that cannot be saved gets the focus. */
document.querySelector("[aria-invalid=true]")?.focus();

/* Minus and plus at counted goods; the button says what will be sent. */
for (const box of document.querySelectorAll("[data-qty]")) {
  box.classList.add("live");
  const input = box.querySelector("input");
  box.addEventListener("click", ({ target }) => {
    const step = target.closest("[data-step]");
    if (!step) return;
    const value = Number(input.value || 0) + Number(step.dataset.step);
    input.value = Math.min(Math.max(value, 0), Number(input.max));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
const counted = document.querySelector("form[data-counts]");
const counting = document.querySelector("[data-count]");
function countGoods() {
  let sent = 0, left = 0;
  for (const input of counted.querySelectorAll("[data-qty] input")) {
    sent += Number(input.value || 0);
    left += Number(input.max) - Number(input.value || 0);
  }
  const { count, countOne, countLeft } = counting.dataset;
  const words = sent === 1 ? countOne : count.replace("{}", whole.format(sent));
  counting.textContent = left > 0 && sent > 0 ? countLeft.replace("{}", words).replace("{left}", whole.format(left)) : words;
}
if (counted && counting) {
  counted.addEventListener("input", countGoods);
  countGoods();
}
