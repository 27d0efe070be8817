// Renews the page every 10 s; when the bot does not answer, says since when what is shown is old.
(() => {
  "use strict";
  const every = 10000;
  const stale = document.getElementById("stale");
  let good = new Date();
  const renew = async () => {
    if (document.hidden) return;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 8000);
    try {
      const answer = await fetch(location.pathname, { signal: stop.signal, cache: "no-store", credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.getElementById("main");
      if (!main) throw new Error("not a board");
      document.getElementById("main").replaceWith(document.adoptNode(main));
      document.title = page.title;
      good = new Date();
      stale.hidden = true;
    } catch {
      stale.querySelector("span").textContent = good.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      stale.hidden = false;
    } finally {
      clearTimeout(timer);
    }
  };
  setInterval(renew, every);
  document.addEventListener("visibilitychange", renew);
})();
