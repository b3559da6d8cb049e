// Says so when the browser used no passkey: its person thought better of it, or it has none for here.
const place = document.querySelector("[data-passkey-words]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // it is no fault of the page
  place.textContent = "";
  window.requestAnimationFrame(() => {
    place.textContent = place.dataset.passkeyWords; // said again, each time
  });
});
