/* Says who else has the item open, for as long as they do: asks every 20 seconds while the page is seen. Without it,
   the page says who had it open when it was loaded. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("present");
    const token = document.querySelector("#content-main > form [name=csrfmiddlewaretoken]");
    if (!place || !place.dataset.href || !token) {
        return;
    }
    let wait = 20;

    const report = (values = {}) => {
        const body = new FormData();
        body.append("csrfmiddlewaretoken", token.value);
        Object.entries(values).forEach(([name, value]) => body.append(name, value));
        return body;
    };

    const show = (sentences) => {
        const before = place.textContent.trim();
        const now = sentences.join(" ");
        if (before !== now) {
            place.textContent = now || (before.endsWith("open.") ? before : "Nobody else has it open.");
        }
        place.classList.toggle("somebody", sentences.length > 0);
    };

    const ask = async () => {
        if (document.visibilityState === "visible") {
            try {
                const answer = await fetch(place.dataset.href, {method: "POST", body: report(), credentials: "same-origin"});
                if (answer.ok && !answer.redirected) {
                    const said = await answer.json();
                    wait = said.every;
                    show(said.others);
                }
            } catch {
                // Not heard: asked again at the next turn.
            }
        }
        setTimeout(ask, wait * 1000);
    };

    place.classList.toggle("somebody", place.textContent.trim() !== "");
    setTimeout(ask, wait * 1000);
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") {
            fetch(place.dataset.href, {method: "POST", body: report(), credentials: "same-origin"}).catch(() => {});
        }
    });
    window.addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.href, report({leave: "1"})));
});
