// Warns before a session ends, and lets it go on (WCAG 2.2.1). Other tabs may have done so already,
// so the server is asked before anything is said. Without this script the session ends all the same,
// and what was typed is kept for after the next sign-in.
const dialog = document.getElementById("session-warning");
const WARNING = 180; // seconds before the end
let timer;

function later(seconds, act) {
  window.clearTimeout(timer);
  timer = window.setTimeout(act, Math.max(seconds, 0) * 1000);
}

async function ask(address, options) {
  const answer = await fetch(address, options);
  return answer.redirected || !answer.ok ? { seconds: 0 } : answer.json();
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

function over() {
  // The page that comes is the sign-in page, which leads back here.
  window.location.reload();
}

async function look() {
  let left;
  try {
    left = await ask(dialog.dataset.left, { headers: { "X-Background": "true" } });
  } catch {
    later(15, look);
    return;
  }
  if (left.seconds <= 0) {
    over();
  } else if (left.seconds > WARNING) {
    if (dialog.open) dialog.close();
    later(left.seconds - WARNING, look);
  } else {
    tell(left);
    later(Math.min(left.seconds, 20) + 1, look);
  }
}

async function stay() {
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const options = { method: "POST", headers: { "X-CSRFToken": token } };
  const { seconds } = await ask(dialog.dataset.extend, options);
  dialog.close();
  later(seconds > WARNING ? seconds - WARNING : seconds, look);
}

if (dialog) {
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay); // Escape is an act of the person, too
  later(60, look);
}
