/* Keeps what is typed, for whoever types it, and the list of what the rules find in step with it: sends the form a
   moment after the last key, and every other second while somebody types on, one at a time. The item is not changed by
   it. Without it, the list is that of the last save, and what is typed is kept when it is saved. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("found");
    const form = document.querySelector("#content-main > form");
    const SHORTEST = 800; // milliseconds after the last key; longer where checking takes long, to spare the server
    const LONGEST = 1500; // milliseconds after which it is sent even while somebody types on
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
    let since = 0; // when the first key was pressed that has not been sent

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
        since = 0;
        const began = performance.now();
        const body = new FormData(form);
        body.append("_keep", "1");
        try {
            const answer = await fetch(place.dataset.href, {method: "POST", body, credentials: "same-origin"});
            if (answer.ok && !answer.redirected) {
                show(await answer.text());
                document.dispatchEvent(new Event("desk:checked"));
                keptNow();
            } else {
                notKept();
            }
        } catch {
            notKept(); // the next change asks again
        }
        pause = Math.max(SHORTEST, 3 * (performance.now() - began));
        isAsking = false;
        if (isChanged) {
            soon();
        }
    };

    const keptAt = document.getElementById("kept-at");
    const keptNow = () => {
        const clock = new Date().toLocaleTimeString("en-GB", {hour: "2-digit", minute: "2-digit"});
        keptAt.textContent = `Saved for you ${clock}`;
        keptAt.title = "If you close this page, your text is here when you come back. To change the item, save it.";
        if (!isChanged && !since) {
            form.dispatchEvent(new CustomEvent("desk:kept"));
        }
    };
    const notKept = () => {
        keptAt.textContent = "Not saved: the server is not responding";
    };

    const soon = () => {
        const now = performance.now();
        since = since || now;
        clearTimeout(timer);
        timer = setTimeout(ask, Math.max(0, Math.min(pause, since + LONGEST - now)));
    };

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    document.addEventListener("formset:added", soon);
    document.addEventListener("formset:removed", soon);
});
