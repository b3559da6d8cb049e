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

async function ask(address, options = {}) {
  const answer = await fetch(address, { headers: { "X-Background": "true" }, ...options });
  if (answer.redirected || !answer.ok) return 0;
  return (await answer.json()).seconds;
}

function over() {
  // The page that comes is the sign-in page, which leads back here.
  window.location.reload();
}

async function look() {
  let seconds = 0;
  try {
    seconds = await ask(dialog.dataset.left);
  } catch {
    later(15, look);
    return;
  }
  if (seconds <= 0) {
    over();
  } else if (seconds > WARNING) {
    if (dialog.open) dialog.close();
    later(seconds - WARNING, look);
  } else {
    const minutes = Math.max(1, Math.round(seconds / 60));
    dialog.querySelector("[data-minutes]").textContent =
      minutes === 1 ? "1 minute" : `${minutes} minutes`;
    if (!dialog.open) dialog.showModal();
    later(Math.min(seconds, 20) + 1, look);
  }
}

async function stay() {
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const seconds = await ask(dialog.dataset.extend, {
    method: "POST",
    headers: { "X-CSRFToken": token },
  });
  dialog.close();
  later(seconds > WARNING ? seconds - WARNING : seconds, look);
}

if (dialog) {
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay); // Escape is an act of the person, too
  later(Number(dialog.dataset.seconds) - WARNING, look);
}
