/* After a save the page is where it was: its groups are open and it has not moved. If the save was refused, the first
   field with a fault has the focus instead. Without this, the page begins at its top. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("#content-main > form");
    if (!form || !document.getElementById("document")) {
        return;
    }
    const KEY = `place ${location.pathname}`;
    const named = () => [...document.querySelectorAll("details.group")].map((group) => [
        `${group.closest(".parts").dataset.sort} ${group.querySelector("h3").firstChild.textContent.trim()}`, group,
    ]);
    form.addEventListener("submit", () => {
        const open = named().filter(([, group]) => group.open).map(([name]) => name);
        try {
            sessionStorage.setItem(KEY, JSON.stringify({open, at: window.scrollY}));
        } catch { /* no room, or not allowed: then the page begins at its top */ }
    });

    let place = null;
    try {
        place = JSON.parse(sessionStorage.getItem(KEY));
        sessionStorage.removeItem(KEY);
    } catch { /* as above */ }
    if (place) {
        for (const [name, group] of named()) {
            group.open = group.open || place.open.includes(name);
        }
        window.scrollTo(0, place.at);
    }
    const fault = form.querySelector(".errorlist");
    const around = fault && fault.closest(".one-field, .choices");
    const field = around && (around.querySelector("[aria-invalid=true]:not([hidden])")
        || around.querySelector("textarea:not([hidden]), input:not([type=hidden]), select"));
    if (field) {
        field.focus();
    }
});
