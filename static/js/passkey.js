// Shows a message when the browser did not use a passkey: the user cancelled, or has no passkey for
// this service.
const place = document.querySelector("[data-passkey-error]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // not an error of the page
  place.textContent = "";
  window.requestAnimationFrame(() => {
    place.textContent = place.dataset.passkeyError; // so that screen readers announce it every time
  });
});
