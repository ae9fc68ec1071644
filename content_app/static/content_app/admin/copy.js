/* A button beside everything that is shown once or is to be passed on ([data-copy]), which copies it. Without it, the
   text can be selected. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    for (const shown of document.querySelectorAll("[data-copy]")) {
        const button = document.createElement("button");
        const told = document.createElement("span");
        button.type = "button";
        button.className = "button quiet copy";
        button.textContent = "Copy";
        told.setAttribute("role", "status");
        told.className = "help";
        button.addEventListener("click", async () => {
            const text = "value" in shown ? shown.value : shown.textContent;
            try {
                await navigator.clipboard.writeText(text.trim());
                told.textContent = " Copied.";
            } catch { // not allowed, or not over HTTPS
                if (shown.select) {
                    shown.select();
                } else {
                    getSelection().selectAllChildren(shown);
                }
                told.textContent = " Selected: press Ctrl+C to copy.";
            }
        });
        shown.after(button, told);
    }
});
