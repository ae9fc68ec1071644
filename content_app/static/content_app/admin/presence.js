/* Says who else has the item open, for as long as they do: asks every 20 seconds while the page is seen. Without it,
   the page says who had it open when it was loaded. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("present");
    const token = document.querySelector("#content-main > form [name=csrfmiddlewaretoken]");
    if (!place || !place.dataset.href || !token) {
        return;
    }
    const report = (values = {}) => {
        const body = new FormData();
        body.append("csrfmiddlewaretoken", token.value);
        body.append("visit", place.dataset.visit);
        Object.entries(values).forEach(([name, value]) => body.append(name, value));
        return body;
    };

    const show = (sentences) => {
        const now = sentences.join(" ");
        const wereThere = place.classList.contains("somebody");
        if (sentences.length ? place.textContent.trim() !== now : wereThere) {
            place.textContent = now || "Nobody else has this page open now.";
        }
        place.classList.toggle("somebody", sentences.length > 0);
    };

    const ask = async () => {
        if (document.visibilityState !== "visible") {
            return;
        }
        try {
            const answer = await fetch(place.dataset.href, {
                method: "POST", body: report(), credentials: "same-origin",
            });
            if (answer.ok && !answer.redirected) {
                show((await answer.json()).others);
            }
        } catch {
            // Not heard: asked again at the next turn.
        }
    };

    setInterval(ask, Number(place.dataset.every) * 1000);
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.href, report({leave: "1"})));
});
