/* The bar of an import that is being worked on: asked for every second, and the page loaded anew when it is done.
   Without this, the page loads itself anew every three seconds. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-progress]");
    if (!place) return;
    const bar = place.querySelector("progress");
    const told = place.querySelector(".told");

    const show = ({done, total}) => {
        bar.max = total || 1;
        bar.value = done;
        if (done >= total) bar.removeAttribute("value");  // read; comparing and storing have no number
        const sentence = done < total
            ? `${done} of ${total} files read.`
            : `All ${total} files read. Comparing and saving…`;
        if (told.textContent !== sentence) told.textContent = sentence;
    };

    const ask = async () => {
        try {
            const response = await fetch(place.dataset.progress, {headers: {Accept: "application/json"}});
            if (response.redirected || !response.ok) return location.reload();
            const answer = await response.json();
            if (!answer.is_working) return location.reload();
            show(answer);
        } catch {
            told.textContent = "The server is not responding. Trying again…";
        }
        setTimeout(ask, 1000);
    };
    ask();
});
