/* The preview beside the form: follows what is typed whenever it has been kept, and the statement that is open. It asks
   for nothing while its tab is closed. Without it, the tab leads to the page of the preview. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("live");
    const form = document.querySelector("#content-main > form");
    if (!place) {
        return;
    }
    const isWritten = form && form.querySelector("[name=_save]");
    let isAsking = false;
    let isOld = true;

    const here = () => {
        const line = document.activeElement && document.activeElement.closest(".line.statements");
        if (!line) {
            return null;
        }
        const {anchor, number} = line.dataset;
        return place.querySelector(
            anchor ? `[data-anchor="${CSS.escape(anchor)}"]` : `[data-form="${CSS.escape(number)}"]`);
    };
    const point = () => {
        const shown = here();
        for (const other of place.querySelectorAll(".said")) {
            other.classList.toggle("here", other === shown);
        }
        const scroller = place.closest(".beside");
        if (shown && scroller.scrollHeight > scroller.clientHeight) {
            scroller.scrollTop += shown.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 120;
        }
    };
    const show = async () => {
        if (!place.checkVisibility() || isAsking || !isOld) {
            return;
        }
        isAsking = true;
        isOld = false;
        try {
            const sent = isWritten ? {method: "POST", body: new FormData(form)} : {};
            const answer = await fetch(place.dataset.href, {credentials: "same-origin", ...sent});
            if (answer.ok && !answer.redirected) {
                place.innerHTML = await answer.text();
                point();
            }
        } catch { /* the next change asks again */ }
        isAsking = false;
        show();
    };
    document.addEventListener("desk:checked", () => {
        isOld = true;
        show();
    });
    document.addEventListener("desk:panel", show);
    document.addEventListener("focusin", (event) => {
        if (event.target.closest(".line.is-open") && place.checkVisibility()) {
            point();
        }
    });
    show();
});
