/* On a page that is read, a button at each field and statement that begins a comment on it. Whoever writes there has
   enough to step over, and chooses in the list. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const about = document.getElementById("comment_anchor");
    const text = document.getElementById("comment_text");
    if (!about || !text || document.querySelector("#content-main [name=_save]")) {
        return;
    }
    const known = new Set([...about.options].map((option) => option.value));

    const button = (anchor, name) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "comment-on";
        made.textContent = "Comment";
        made.setAttribute("aria-label", `Comment on ${name}`);
        made.addEventListener("click", () => {
            about.dispatchEvent(new Event("desk:reveal", {bubbles: true}));
            about.closest("details").open = true;
            about.value = anchor;
            text.focus();
        });
        return made;
    };

    document.querySelectorAll("[id^='line-']").forEach((line) => {
        const anchor = line.id.slice("line-".length);
        const label = line.querySelector("label, .label, legend");
        if (known.has(anchor) && label) {
            line.append(button(anchor, label.textContent.trim().replace(/:$/, "")));
        }
    });
    document.querySelectorAll("[data-anchor]").forEach((row) => {
        const end = row.querySelector(".chips");
        if (known.has(row.dataset.anchor) && end) {
            end.append(button(row.dataset.anchor, `statement ${Number(row.id.split("-")[1]) + 1}`));
        }
    });
});
