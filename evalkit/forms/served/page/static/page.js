"use strict";
(() => {
  const SLOW_MS = 20_000;
  const SHOWN = '.evalkit-form[data-ready="1"], .evalkit-live[data-ready="1"], [role="alert"]:not([hidden])';

  // Voilà's widgets end their kernel on beforeunload: before the form has sent what it has not saved, and even
  // if its user then stays. The server ends kernels that no page has held for a while.
  const listen = window.addEventListener;
  window.addEventListener = function (type, listener, options) {
    if (type === "beforeunload" && String(listener).includes("api/shutdown")) return;
    listen.call(window, type, listener, options);
  };

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { document.body.dataset.jpThemeLight = String(!dark.matches); };

  document.addEventListener("DOMContentLoaded", () => {
    follow();
    dark.addEventListener("change", follow);
    const loading = document.getElementById("evalkit-loading");
    const main = document.getElementById("evalkit-page");
    if (!loading || !main) return;
    const look = () => {
      if (!main.querySelector(SHOWN)) return;
      loading.hidden = true;
      watch.disconnect();
    };
    const watch = new MutationObserver(look);
    watch.observe(main, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready"] });
    look();
  });
  setTimeout(() => {
    const loading = document.getElementById("evalkit-loading");
    if (!loading || loading.hidden) return;
    loading.textContent = "This takes longer than usual. Does evalkit still run? Its terminal says if"
      + " something failed; then load this page again.";
  }, SLOW_MS);
})();
