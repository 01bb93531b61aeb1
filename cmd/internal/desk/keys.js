// Keys for who works at the desk all day; the list of them is the page /keys. Everything is
// done by the links and buttons that are there without this script, too. A key alone does
// nothing that cannot be undone: it only leads to such a button.
"use strict";
(() => {
  const off = "desk-keys-off";
  const stored = (() => {
    try { return window.localStorage; } catch { return null; } // a browser may forbid it
  })();
  const isOff = () => stored !== null && stored.getItem(off) !== null;

  const rows = () => [...document.querySelectorAll("main .list > li")].filter((row) => row.querySelector("a[href], button"));
  const here = () => document.activeElement?.closest("main .list > li");
  const go = (step) => {
    const all = rows();
    const at = all.indexOf(here());
    const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    row?.querySelector("a[href], button").focus();
  };

  // act does what a link or button does for which a key stands: of the row in which one is,
  // of the page where it has but one, or of the first row.
  const act = (key) => {
    const all = [...document.querySelectorAll(`[data-key="${key}"]`)];
    const row = here();
    const found = (row && all.find((one) => row.contains(one))) ?? all.find((one) => !one.closest(".list > li")) ?? (row ? undefined : all[0]);
    if (!found) return false;
    found.focus();
    if (!found.hasAttribute("data-lead")) found.click();
    return true;
  };

  let led = 0; // when "g" was pressed
  document.addEventListener("keydown", (e) => {
    const field = e.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (e.key === "Escape" && field) {
      field.blur();
      return;
    }
    if (field || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || isOff()) return;
    const to = Date.now() - led < 1500;
    led = 0;
    if (to) {
      const link = document.querySelector(`[data-go="${e.key}"]`);
      if (link) {
        e.preventDefault();
        link.click();
      }
      return;
    }
    switch (e.key) {
      case "?": document.querySelector('[data-key="?"]')?.click(); break;
      case "g": led = Date.now(); break;
      case "j": go(1); break;
      case "k": go(-1); break;
      case "/": {
        const search = document.querySelector("main input[type=search]");
        if (!search) return;
        search.focus();
        break;
      }
      default:
        if (!/^[a-z]$/.test(e.key) || !act(e.key)) return;
    }
    e.preventDefault();
  });

  // The page of the list turns them off and on in this browser.
  const turn = document.getElementById("keys-turn");
  if (!turn || stored === null) return;
  const button = turn.querySelector("button");
  const told = turn.querySelector("output");
  const tell = () => {
    button.textContent = isOff() ? "Turn single keys on" : "Turn single keys off";
    told.textContent = isOff() ? "They are off in this browser." : "They are on in this browser.";
  };
  button.addEventListener("click", () => {
    if (isOff()) stored.removeItem(off);
    else stored.setItem(off, "1");
    tell();
  });
  tell();
  turn.hidden = false;
})();
