// Keeps a draft while somebody writes: two seconds after the last key, and when the page is left.
// The buttons do the same and more without it.
const PAUSE = 2000; // milliseconds
const AGAIN = 15000;

const form = document.querySelector("form[data-autosave]");
if (form) keep(form);

function keep(form) {
  const words = form.querySelector("[data-autosave-words]");
  const version = form.elements.namedItem("version");
  let timer;
  let isSaving = false;
  let isChanged = false;
  let submitter = null; // of a form that is sent while it is being saved

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  async function save() {
    if (!isChanged || isSaving) return;
    isSaving = true;
    isChanged = false;
    try {
      const response = await fetch(window.location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
        redirect: "manual",
        keepalive: true,
      });
      if (response.status >= 500) throw new Error("the service is down");
      await told(response);
    } catch {
      isChanged = true;
      words.textContent = "Not saved: the service does not answer. It is tried again.";
      later(AGAIN);
    }
    isSaving = false;
    if (submitter) form.requestSubmit(submitter);
    else if (isChanged) later(PAUSE);
  }

  async function told(response) {
    if (response.ok || response.status === 409) {
      const answer = await response.json();
      if (answer.version) version.value = answer.version;
      words.textContent = answer.sentence;
      if (!response.ok) stop();
    } else {
      words.textContent =
        "You are signed out. What you typed is still here: choose “Save and continue” and sign in.";
      stop();
    }
  }

  function changed() {
    isChanged = true;
    later(PAUSE);
  }

  function leaves() {
    if (document.visibilityState === "hidden") save();
  }

  // What was saved a moment ago must not look like another person's change.
  function sent(event) {
    clearTimeout(timer);
    if (!isSaving) return;
    event.preventDefault();
    submitter = event.submitter;
  }

  function stop() {
    isChanged = false;
    clearTimeout(timer);
    form.removeEventListener("input", changed);
    document.removeEventListener("visibilitychange", leaves);
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", sent);
  document.addEventListener("visibilitychange", leaves);
}
