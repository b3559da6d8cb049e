// Starts the components, and gives htmx the manners that a full page load has by itself.
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

/** Starts what is inside `scope`; what has been started already is left as it is. */
function start(scope) {
  const onError = (error) => {
    if (error.name !== "InitError") console.error(error);
  };
  for (const [component, options] of components) {
    createAll(component, options, { scope, onError });
  }
}

start(document);

// A filter answers as soon as a choice is made. Typed fields wait for the button, so that nothing
// moves while somebody types.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live-filter]");
  if (form && event.target.matches("select, input[type=radio], input[type=checkbox]")) {
    form.requestSubmit();
  }
});

// An answer from another address (the session ended: it is the sign-in page), an error or a lost
// line: ask for the whole page, which says what is wrong in its own words.
// A poll of the live figures only tries again, except where the session has ended.
const isPoll = (event) => event.detail.elt?.hasAttribute("data-live");

function loadWholePage(event) {
  if (isPoll(event)) return;
  window.location.assign(event.detail.pathInfo.finalRequestPath);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath, document.baseURI);
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked.pathname) {
    event.preventDefault();
    if (isPoll(event)) window.location.reload();
    loadWholePage(event);
  }
});
document.addEventListener("htmx:responseError", loadWholePage);
document.addEventListener("htmx:sendError", loadWholePage);

// After a swap: start the components of the new part, and after a page link (data-focus) move the
// focus to the results' heading, because the link that had it is gone.
document.addEventListener("htmx:afterSettle", (event) => {
  start(document.getElementById(event.detail.target.id) ?? event.detail.target);
  const heading = event.detail.requestConfig.elt.dataset.focus;
  if (heading) document.getElementById(heading)?.focus();
});

// How much of an upload has left: a bar, and words each quarter for those who hear the page.
document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = event.target.querySelector?.("[data-upload-progress]");
  const { loaded, total } = event.detail;
  if (!shown || !total) return;
  const percent = Math.floor((loaded / total) * 100);
  shown.hidden = false;
  shown.querySelector("progress").value = percent;
  const quarter = Math.floor(percent / 25) * 25;
  const words = quarter < 100 ? `${quarter}% sent` : "Sent. The files are being checked.";
  const heard = shown.querySelector("[data-upload-words]");
  if (heard.textContent !== words) heard.textContent = words;
});
