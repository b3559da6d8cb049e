// Warns the user before their session ends, and lets them extend it (WCAG 2.2.1). Another tab may
// have extended it already, so we check with the server before the warning is shown. Without this script
// the session still ends, and what was typed is saved until the user signs in again.
const dialog = document.getElementById("session-warning");
const warning = Number(dialog?.dataset.warning); // seconds before the end
const RETRY_DELAY = 15; // seconds, when the service cannot be reached
let timer;

function later(seconds, action) {
  window.clearTimeout(timer);
  timer = window.setTimeout(action, Math.max(seconds, 0) * 1000);
}

/** Returns when the session ends, or null if it has ended. Throws if there is no valid response. */
async function fetchSession(address, options) {
  const response = await fetch(address, options);
  if (response.redirected) return null; // to the sign-in page
  if (!response.ok) throw new Error(`Unexpected response: ${response.status}`);
  return response.json();
}

/** Shows the warning, with the reason and what the user can do. */
function showWarning({ seconds, can_be_extended: canBeExtended }) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  dialog.querySelector("[data-minutes]").textContent =
    minutes === 1 ? "1 minute" : `${minutes} minutes`;
  dialog.querySelector("[data-why=idle]").hidden = !canBeExtended;
  dialog.querySelector("[data-why=long]").hidden = canBeExtended;
  dialog.querySelector("[data-stay]").textContent = canBeExtended ? "Stay signed in" : "Continue";
  if (!dialog.open) dialog.showModal();
}

function isTyped(field) {
  if (field.options) {
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.value !== first?.value;
  }
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (field.type === "file" || field.defaultValue === undefined) return false;
  return field.value !== field.defaultValue;
}

/** Goes to the sign-in page, which leads back here. The form is sent, so that its text is saved. */
function signInAgain() {
  const typed = [...document.forms].find(
    (form) => form.method === "post" && [...form.elements].some(isTyped),
  );
  if (typed) HTMLFormElement.prototype.submit.call(typed);
  else window.location.reload();
}

async function check() {
  let left;
  try {
    left = await fetchSession(dialog.dataset.left, { headers: { "X-Background": "true" } });
  } catch {
    later(RETRY_DELAY, check);
    return;
  }
  if (left === null) {
    signInAgain();
  } else if (left.seconds > warning) {
    if (dialog.open) dialog.close();
    later(left.seconds - warning, check);
  } else {
    showWarning(left);
    later(Math.min(left.seconds, 20) + 1, check);
  }
}

async function stay() {
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const options = { method: "POST", headers: { "X-CSRFToken": token } };
  let left;
  try {
    left = await fetchSession(dialog.dataset.extend, options);
  } catch (error) {
    // A TypeError means no connection; otherwise the CSRF token is probably old.
    later(RETRY_DELAY, error instanceof TypeError ? stay : check);
    return;
  }
  dialog.close();
  const seconds = left?.seconds ?? 0;
  later(seconds > warning ? seconds - warning : seconds, check);
}

if (dialog) {
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay); // Escape also means that the user is active
  later(60, check);
}
