// Keeps what is typed in the form for writing, at most once a second, so that it is not lost
// with the tab, the session or the network. It is no revision: only its writer is shown it,
// when they open the form again. See typed.go.
"use strict";
(() => {
  const form = document.querySelector("form.writing");
  const told = document.getElementById("typed");
  if (!form || !told) return;
  const pause = 700; // milliseconds from the first change to the sending of it
  const longest = 15000; // between two tries without an answer
  const deadline = 10000; // of a try
  const small = 30000; // characters that a browser sends even if the page goes

  const fields = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
    return data;
  };
  const text = () => JSON.stringify([...fields()]);

  let kept = text(); // what the server has, or has shown
  let timer = 0;
  let sending = null; // the try that is under way
  let failed = 0; // how many tries in a row
  let leaving = false; // the form is being sent
  let over = false; // the form leads nowhere any more
  let refused = ""; // what is longer than the server takes

  const tell = (says, grave, go) => {
    if (told.textContent === says && !go) return;
    told.textContent = says;
    told.className = grave ? "wrong" : "quiet";
    if (go) {
      const link = document.createElement("a");
      link.href = go;
      link.textContent = "Go on there";
      told.append(" ", link);
    }
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  };

  // keep sends what was typed, and tells whether the server has all of it.
  const keep = () => {
    if (sending) return sending;
    clearTimeout(timer);
    timer = 0;
    sending = send().finally(() => {
      sending = null;
      if (!leaving && !over && text() !== kept && text() !== refused) later(failed ? Math.min(longest, 1000 * 2 ** failed) : pause);
    });
    return sending;
  };

  const send = async () => {
    const now = text();
    if (now === kept || over) return true;
    let answer, said;
    try {
      answer = await fetch(form.dataset.typed, {
        method: "POST", body: fields(), credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(deadline),
        keepalive: now.length < small,
      });
      // A web server in front may refuse it, too, in words of its own.
      said = answer.status === 413 ? {} : await answer.json();
    } catch {
      failed++;
      tell("The server can’t be reached: what you typed since then is only on this page. Keep it open; it is tried again.", true);
      return false;
    }
    refused = answer.status === 413 ? now : "";
    if (refused) {
      tell("What you typed is longer than this form takes, and is only on this page. Shorten it, or put a part of it into another text.", true);
      return false;
    }
    failed = said.kept ? 0 : failed + 1;
    if (said.kept) kept = now;
    if (said.go) over = true;
    const others = said.others ? " Writing in it, too: " + said.others + "." : "";
    if (said.says) tell(said.says + others, true, said.go);
    else if (said.at) tell("Kept at " + said.at + ", not saved." + others, false);
    return true; // whatever else it says, it says on a page of its own
  };

  form.addEventListener("input", () => {
    if (!timer && !sending && !over) later(pause);
  });
  form.addEventListener("submit", async (event) => {
    if (leaving) return;
    event.preventDefault();
    leaving = true;
    if (sending) await sending;
    if (over) {
      leaving = false;
      return;
    }
    if (await send()) {
      form.submit();
      return;
    }
    leaving = false;
    if (refused) return; // it says so already
    later(1000);
    tell("Not saved: the server can’t be reached. What you typed is on this page still: keep it open, and save again in a moment.", true);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && !over && text() !== kept) event.preventDefault();
  });
  // The network is back: what waits for the next try need not.
  addEventListener("online", () => {
    if (timer && !leaving) later(0);
  });
  // A browser may show the page again as it was left by sending the form.
  addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !leaving) keep();
  });
})();
