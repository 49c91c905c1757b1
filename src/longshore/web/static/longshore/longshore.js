// Small comforts; every page works without them. No inline handlers: the content policy forbids them.
"use strict";

const seconds = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });

/* Ages stay true: every second below a minute, then each minute, the clock after an hour. The
   sentence's words come from the server, only its number moves. */
function tick() {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const passed = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
    const words = document.body.dataset;
    let text;
    if (passed < 60) text = words.ageSeconds.replace("{}", seconds.format(passed));
    else if (passed < 3600) text = words.ageMinutes.replace("{}", seconds.format(Math.floor(passed / 60)));
    else text = time.dataset.clock;
    if (Date.parse(time.dateTime) <= Date.now() && time.textContent !== text) time.textContent = text;
  }
}
setInterval(tick, 1000);

/* "/" finds; not while somebody types. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("[data-find]");
  if (!field || field.offsetParent === null) return;
  event.preventDefault();
  field.focus();
});

/* One box picks all rows of its form; the button says how many are picked. */
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.form) return;
  if (box.matches("[data-pick-all]"))
    for (const row of box.form.querySelectorAll("[data-pick]:not(:disabled)")) row.checked = box.checked;
  if (box.matches("[data-pick-all], [data-pick]")) countPicked(box.form);
});
function countPicked(form) {
  const boxes = [...form.querySelectorAll("[data-pick]:not(:disabled)")];
  const picked = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-pick-all]");
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
  for (const out of form.querySelectorAll("[data-picked]")) out.textContent = String(picked);
}
for (const form of document.querySelectorAll("form[data-picks]")) countPicked(form);

/* A pressed button says that it works and is not pressed twice. */
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.dataset.free !== undefined) return;
  if (event.target.dataset.busy) { event.preventDefault(); return; }
  event.target.dataset.busy = "1";
  button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});

/* Copying: the text stays selectable without it. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); button.textContent = button.dataset.done; } catch { /* selected, at least */ }
});

/* A toast leaves after 10 seconds, not while it is looked at. */
for (const toast of document.querySelectorAll("[data-toast]")) {
  const leave = () => { if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000); else toast.remove(); };
  setTimeout(leave, 10000);
}

/* The first field that cannot be saved gets the focus. */
document.querySelector("[aria-invalid=true]")?.focus();
