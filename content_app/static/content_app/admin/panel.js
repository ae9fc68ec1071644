/* The panel beside an item: its parts as tabs. The preview stays open while one works on the item. A link to something
   in a part that is closed opens it. Without this, the parts stand one below the other and the tabs are links. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const bar = document.querySelector(".panel-tabs");
    if (!bar) {
        return;
    }
    const KEY = `panel ${location.pathname}`;
    const tabs = [...bar.querySelectorAll("a")];
    const panelOf = (tab) => document.getElementById(tab.hash.slice(1));
    const desk = bar.closest(".desk");
    const isWritten = desk.querySelector("[name=_save]");

    const choose = (chosen, isKept = true) => {
        for (const tab of tabs) {
            const is = tab === chosen;
            tab.setAttribute("aria-selected", is);
            tab.tabIndex = is ? 0 : -1;
            panelOf(tab).hidden = !is;
        }
        desk.dataset.panel = chosen.hash.slice(1);
        try {
            if (isKept && isWritten && chosen.id === "tab-preview") {
                sessionStorage.setItem(KEY, chosen.hash);
            } else if (isKept) {
                sessionStorage.removeItem(KEY);
            }
        } catch { /* not allowed: then it begins with the first */ }
        document.dispatchEvent(new Event("desk:panel"));
    };
    const reveal = (node) => {
        const panel = node && node.closest(".panel");
        if (panel && panel.hidden) {
            choose(tabs.find((tab) => panelOf(tab) === panel), false);
        }
    };
    const at = (hash) => hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));

    bar.setAttribute("role", "tablist");
    for (const tab of tabs) {
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", tab.hash.slice(1));
        panelOf(tab).setAttribute("role", "tabpanel");
        panelOf(tab).setAttribute("aria-labelledby", tab.id);
        tab.addEventListener("click", (event) => {
            event.preventDefault();
            choose(tab);
        });
    }
    bar.addEventListener("keydown", (event) => {
        const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
        if (step) {
            const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
            choose(next);
            next.focus();
        }
    });
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#']");
        if (link && !bar.contains(link)) {
            reveal(at(link.hash));
        }
    });
    document.addEventListener("desk:reveal", (event) => reveal(event.target));
    window.addEventListener("hashchange", () => reveal(at(location.hash)));

    // How much there is to check follows what is typed.
    const list = document.getElementById("found-list");
    const figure = bar.querySelector("[data-checks]");
    const recount = () => {
        const counts = [...list.querySelectorAll("[data-told]")].map((count) => Number(count.textContent));
        figure.textContent = counts.reduce((sum, count) => sum + count, 0);
        figure.classList.toggle("none", figure.textContent === "0");
    };
    if (list && figure) {
        new MutationObserver(recount).observe(list, {childList: true});
        recount();
    }

    let last = null;
    try {
        last = sessionStorage.getItem(KEY);
    } catch { /* not allowed */ }
    const faults = document.querySelector("#found-list [data-told$='save']");
    const first = faults ? "#panel-checks" : last || `#${bar.dataset.first}`;
    choose(tabs.find((tab) => tab.hash === first) || tabs[0], false);
    const target = at(location.hash);
    if (target) {
        reveal(target);
        target.scrollIntoView();
    }
});
