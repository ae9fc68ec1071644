/* Keeps the list of what the rules find in step with what is typed: sends the form to be checked, a moment after the
   last key, one at a time. Nothing is saved by it. Without it, the list is that of the last save. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("found");
    const form = document.querySelector("#content-main > form");
    const SHORTEST = 800; // milliseconds after the last key; longer where checking takes long, to spare the server
    let pause = SHORTEST;

    // A sentence leads to its field: put the cursor there too.
    document.addEventListener("click", (event) => {
        const link = event.target.closest(".findings a[href^='#']");
        const field = link && document.getElementById(link.hash.slice(1));
        if (field && field.matches("input, select, textarea")) {
            setTimeout(() => field.focus());
        }
    });
    if (!place || !place.dataset.href || !form) {
        return;
    }
    const list = document.getElementById("found-list");
    const told = document.getElementById("found-told");
    let timer = null;
    let isAsking = false;
    let isChanged = false;

    const written = (count) => `${count.textContent} ${count.dataset.told}`;
    const counts = () => [...list.querySelectorAll("[data-told]")].map(written).join(", ");

    const show = (text) => {
        const before = counts();
        const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
        list.innerHTML = text;
        if (counts() !== before) {
            told.textContent = counts();
        }
        if (focused) {
            const again = [...list.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
            (again || place).focus();
        }
    };

    const ask = async () => {
        if (isAsking) {
            isChanged = true;
            return;
        }
        isAsking = true;
        isChanged = false;
        const began = performance.now();
        try {
            const answer = await fetch(place.dataset.href, {
                method: "POST", body: new FormData(form), credentials: "same-origin",
            });
            if (answer.ok && !answer.redirected) {
                show(await answer.text());
            }
        } catch {
            // Not reached: the next change asks again.
        }
        pause = Math.max(SHORTEST, 3 * (performance.now() - began));
        isAsking = false;
        if (isChanged) {
            soon();
        }
    };

    const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(ask, pause);
    };

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    document.addEventListener("formset:added", soon);
    document.addEventListener("formset:removed", soon);
});
