// Saves a draft automatically, 2 seconds after the last change and when the user leaves the page.
// Without this script, the buttons save the draft.
const SAVE_DELAY = 2000; // milliseconds
const RETRY_DELAY = 15000;

const form = document.querySelector("form[data-autosave]");
if (form) autosave(form);

function autosave(form) {
  const words = form.querySelector("[data-autosave-words]");
  const version = form.elements.namedItem("version");
  let timer;
  let isSaving = false;
  let isChanged = false;
  let submitter = null; // the button used to submit the form while it was being saved

  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
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
      if (response.status >= 500) throw new Error("The service is not available");
      await showResult(response);
    } catch {
      isChanged = true;
      words.textContent = "Not saved. We cannot reach the service. Trying again.";
      later(RETRY_DELAY);
    }
    isSaving = false;
    if (submitter) form.requestSubmit(submitter);
    else if (isChanged) later(SAVE_DELAY);
  }

  async function showResult(response) {
    if (response.ok || response.status === 409) {
      const answer = await response.json();
      if (answer.version) version.value = answer.version;
      words.textContent = answer.sentence;
      if (answer.is_saved && !isChanged) form.dispatchEvent(new Event("saved"));
      if (!response.ok) stop();
    } else {
      words.textContent =
        "You have been signed out. What you typed is still here. Select “Save and continue” and sign in.";
      stop();
    }
  }

  function onInput(event) {
    isChanged = true;
    event.target.closest(".govuk-form-group")?.querySelector("[data-unchanged]")?.remove();
    later(SAVE_DELAY);
  }

  function onHidden() {
    if (document.visibilityState === "hidden") save();
  }

  // Wait for a save to finish before submitting, or it would look like another person's change.
  function onSubmit(event) {
    clearTimeout(timer);
    if (!isSaving) return;
    event.preventDefault();
    submitter = event.submitter;
  }

  function stop() {
    isChanged = false;
    clearTimeout(timer);
    form.removeEventListener("input", onInput);
    document.removeEventListener("visibilitychange", onHidden);
  }

  form.addEventListener("input", onInput);
  form.addEventListener("submit", onSubmit);
  document.addEventListener("visibilitychange", onHidden);
}
