// Warns before a session ends, and lets it go on (WCAG 2.2.1). Other tabs may have done so already,
// so the server is asked before anything is said. Without this script the session ends all the same,
// and what was typed is kept for after the next sign-in.
const dialog = document.getElementById("session-warning");
const warning = Number(dialog?.dataset.warning); // seconds before the end
const AGAIN = 15; // seconds, where the service does not answer
let timer;

function later(seconds, act) {
  window.clearTimeout(timer);
  timer = window.setTimeout(act, Math.max(seconds, 0) * 1000);
}

/** How long the session lasts; null where it has ended. Throws where that is not known. */
async function ask(address, options) {
  const answer = await fetch(address, options);
  if (answer.redirected) return null; // to the sign-in page
  if (!answer.ok) throw new Error(`No answer: ${answer.status}`);
  return answer.json();
}

/** Shows the reason that is true, and what can be done. */
function tell({ seconds, can_be_extended: canBeExtended }) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  dialog.querySelector("[data-minutes]").textContent =
    minutes === 1 ? "1 minute" : `${minutes} minutes`;
  dialog.querySelector("[data-why=idle]").hidden = !canBeExtended;
  dialog.querySelector("[data-why=long]").hidden = canBeExtended;
  dialog.querySelector("[data-stay]").textContent = canBeExtended ? "Stay signed in" : "Go on";
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

/** The sign-in page comes, which leads back here. What was typed is sent, so that it is kept. */
function over() {
  const typed = [...document.forms].find(
    (form) => form.method === "post" && [...form.elements].some(isTyped),
  );
  if (typed) HTMLFormElement.prototype.submit.call(typed);
  else window.location.reload();
}

async function look() {
  let left;
  try {
    left = await ask(dialog.dataset.left, { headers: { "X-Background": "true" } });
  } catch {
    later(AGAIN, look);
    return;
  }
  if (left === null) {
    over();
  } else if (left.seconds > warning) {
    if (dialog.open) dialog.close();
    later(left.seconds - warning, look);
  } else {
    tell(left);
    later(Math.min(left.seconds, 20) + 1, look);
  }
}

async function stay() {
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const options = { method: "POST", headers: { "X-CSRFToken": token } };
  let left;
  try {
    left = await ask(dialog.dataset.extend, options);
  } catch (error) {
    later(AGAIN, error instanceof TypeError ? stay : look); // no line; or a token of before
    return;
  }
  dialog.close();
  const seconds = left?.seconds ?? 0;
  later(seconds > warning ? seconds - warning : seconds, look);
}

if (dialog) {
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay); // Escape is an act of the person, too
  later(60, look);
}
