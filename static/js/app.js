// Starts the GOV.UK Frontend components, and makes htmx requests behave like full page loads.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

const components = [
  [CharacterCount],
  [Checkboxes],
  [ErrorSummary],
  [FileUpload],
  [NotificationBanner],
  [PasswordInput],
  [Radios],
  [ServiceNavigation],
  [SkipLink],
  [Button, { preventDoubleClick: true }],
];

/** Starts the components inside `scope` that have not been started yet. */
function start(scope) {
  const onError = (error) => {
    if (error.name !== "InitError") console.error(error);
  };
  for (const [component, options] of components) {
    createAll(component, options, { scope, onError });
  }
}

start(document);

// Submits a filter when a choice changes. Text fields wait for the button, so that the results do
// not change while someone is typing.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live-filter]");
  if (form && event.target.matches("select, input[type=radio], input[type=checkbox]")) {
    form.requestSubmit();
  }
});

// Escape closes an open menu and puts the focus back on its name; a click elsewhere closes it too.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// If there is an error or no connection, or the response comes from another address (the sign-in
// page, because the session has ended), load the whole page, which explains the problem.
// A poll for live figures just tries again, unless the session has ended.
const isPoll = (event) => event.detail.elt?.hasAttribute("data-live");

function loadWholePage(event) {
  if (isPoll(event)) return;
  window.location.assign(event.detail.pathInfo.finalRequestPath);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const requested = new URL(pathInfo.finalRequestPath, document.baseURI);
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== requested.pathname) {
    event.preventDefault();
    if (isPoll(event)) window.location.reload();
    loadWholePage(event);
  }
});
document.addEventListener("htmx:responseError", loadWholePage);
document.addEventListener("htmx:sendError", loadWholePage);

// After a swap, start the components in the new content. After a pagination link (data-focus), move
// the focus to the heading of the results, because the link has been replaced.
document.addEventListener("htmx:afterSettle", (event) => {
  start(document.getElementById(event.detail.target.id) ?? event.detail.target);
  const heading = event.detail.requestConfig.elt.dataset.focus;
  if (heading) document.getElementById(heading)?.focus();
});

// Upload progress: a progress bar, and a message at every 25% for screen readers.
document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = event.target.querySelector?.("[data-upload-progress]");
  const { loaded, total } = event.detail;
  if (!shown || !total) return;
  const percent = Math.floor((loaded / total) * 100);
  shown.hidden = false;
  shown.querySelector("progress").value = percent;
  const quarter = Math.floor(percent / 25) * 25;
  const message = quarter < 100 ? `${quarter}% uploaded` : "Uploaded. We are checking your files.";
  const status = shown.querySelector("[data-upload-words]");
  if (status.textContent !== message) status.textContent = message;
});
