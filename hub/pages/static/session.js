/* Comfort only: the server locks by itself. Says so beforehand, hides what is on the screen when
   the session is locked, and shows it again, with all that was typed, once it is unlocked. */
"use strict";

(function () {
  const place = document.querySelector("[data-session]");
  if (!place) return;
  const main = document.getElementById("main");
  const WARN_LOCK_MS = 120000;
  const WARN_END_MS = 600000;
  const LOOK_MS = 5000;
  let locksAt = Date.parse(place.dataset.locksAt);
  let endsAt = Date.parse(place.dataset.endsAt);
  let shown = "";

  function show(which) {
    if (which === shown) return;
    shown = which;
    const template = which && document.getElementById("session-" + which);
    place.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
    const stay = place.querySelector("[data-stay]");
    if (stay) stay.addEventListener("click", function () { ask("POST"); });
    main.hidden = which === "locked";
  }

  function look() {
    const now = Date.now();
    if (now >= Math.min(locksAt, endsAt)) show("locked");
    else if (locksAt - now < WARN_LOCK_MS) show("locks");
    else if (endsAt - now < WARN_END_MS) show("ends");
    else show("");
  }

  function tokens() { return document.querySelectorAll("input[name=csrf_token]"); }

  /* Another tab may have been used, or unlocked: the server knows. */
  async function ask(method) {
    const first = tokens()[0];
    const headers = method === "POST" && first ? { "X-CSRF-Token": first.value } : {};
    try {
      const answer = await fetch("/session", { method, headers, redirect: "error", cache: "no-store" });
      if (answer.ok) {
        const said = await answer.json();
        if (said.clerk === place.dataset.session) {
          locksAt = Date.parse(said.locks_at);
          endsAt = Date.parse(said.ends_at);
          for (const field of tokens()) field.value = said.token;
        }
      }
    } catch (away) { /* the pages say so when they are asked for */ }
    look();
  }

  setInterval(function () { if (shown) ask("GET"); else look(); }, LOOK_MS);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask("GET"); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) ask("GET"); });
  look();
})();
