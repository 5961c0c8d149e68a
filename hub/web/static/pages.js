/* Comfort only: every page works without this file. */
"use strict";

/* After an action or an error the reading begins where it matters. */
(function () {
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();

/* New cases are said politely; the list stays as it is until somebody asks for them. */
(function () {
  const news = document.querySelector("[data-news]");
  if (!news) return;
  const EVERY_MS = 20000;
  let said = "";

  function show(text) {
    if (text === said) return;
    said = text;
    news.textContent = "";
    if (!text) return;
    const link = document.createElement("a");
    link.href = news.dataset.here;
    link.textContent = news.dataset.show;
    news.append(text + " ", link);
  }

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(news.dataset.news, { redirect: "error", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) { clearInterval(timer); return; }
      if (answer.ok) show((await answer.json()).text);
    } catch (away) { /* asked again in a while */ }
  }

  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
})();

/* Select all on this page, without loading it anew. */
(function () {
  const all = document.querySelector("[data-tick-all]");
  if (!all) return;
  all.addEventListener("click", function (event) {
    event.preventDefault();
    for (const box of document.querySelectorAll("table.cases input[type=checkbox]")) box.checked = true;
  });
})();

/* A form is sent once, however often its button is pressed. */
(function () {
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  window.addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
