// Keeps what is typed into a long form in this browser until the service has confirmed that it has
// it: if the connection fails or the browser closes, the text is offered when the user returns.
// It is removed when the person signs out, when another person signs in, and after three days.
const PREFIX = "typed:";
const SENT = "typed-sent"; // the key of a form that was submitted and not yet confirmed
const SAVE_DELAY = 500; // milliseconds
const MAX_AGE = 3 * 24 * 60 * 60 * 1000; // milliseconds
const person = document.body.dataset.person;
const keyHere = `${PREFIX}${person}:${window.location.pathname}`;
const form = document.querySelector("main form[method=post]:has(textarea)");

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
const forget = (key) => localStorage.removeItem(key);

function fields() {
  return [...form.elements].filter((field) => field.matches("textarea, input[type=text]") && field.name);
}

function isSuccess() {
  return Boolean(document.querySelector(".govuk-notification-banner--success"));
}

/** Another page, or a success message, after a submit means that the service has the text. */
function confirmSubmitted() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && (sent !== keyHere || isSuccess())) forget(sent);
}

function save() {
  const typed = fields().filter((field) => field.value !== field.defaultValue);
  if (!typed.length) return forget(keyHere);
  const texts = Object.fromEntries(typed.map((field) => [field.name, field.value]));
  try {
    localStorage.setItem(keyHere, JSON.stringify({ at: Date.now(), texts }));
  } catch {
    // Private windows and full disks have no storage; the form works without it.
  }
}

function button(text, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "govuk-button govuk-button--secondary";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

/** Offers the stored texts above the form, if the form does not show them already. */
function offer() {
  const stored = JSON.parse(localStorage.getItem(keyHere) ?? "null");
  const lost = fields().filter((field) => stored?.texts[field.name]?.trim() && stored.texts[field.name] !== field.value);
  if (!lost.length) return;
  const time = new Date(stored.at).toLocaleString("en-GB", {
    weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit",
  });
  const box = document.createElement("div");
  box.className = "govuk-inset-text";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Text that was not saved");
  const words = document.createElement("p");
  words.className = "govuk-body";
  words.textContent = `You typed text here on ${time} that was not saved. It is only in this browser.`;
  const buttons = document.createElement("div");
  buttons.className = "govuk-button-group";
  const close = () => {
    box.remove();
    lost[0].focus();
  };
  buttons.append(
    button("Put it back", () => {
      for (const field of lost) {
        field.value = stored.texts[field.name];
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      close();
    }),
    button("Delete it", () => {
      forget(keyHere);
      close();
    }),
  );
  box.append(words, buttons);
  form.before(box);
}

function isOld(key) {
  return Date.now() - JSON.parse(localStorage.getItem(key)).at > MAX_AGE;
}

if (person) {
  for (const key of keys()) if (!key.startsWith(`${PREFIX}${person}:`) || isOld(key)) forget(key);
  confirmSubmitted();
}
if (person && form) {
  let timer;
  offer();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_DELAY);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save();
    sessionStorage.setItem(SENT, keyHere);
  });
  form.addEventListener("saved", () => forget(keyHere)); // from autosave.js
}
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) keys().forEach(forget);
});
