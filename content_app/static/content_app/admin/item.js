/* On an item's page: say that something is not saved yet, warn before it is left, and give completing fields their
   names for screen readers. Nothing depends on it. */
"use strict";
{
    // Select2 names its box after its value, which is empty at first: name it after its label too.
    const nameBoxes = (root) => {
        for (const select of root.querySelectorAll("select.admin-autocomplete")) {
            const label = document.querySelector(`label[for="${select.id}"]`);
            const box = select.parentElement.querySelector(".select2-selection");
            const value = box && box.querySelector(".select2-selection__rendered");
            if (label && value) {
                box.setAttribute("aria-label", label.textContent.trim());
                box.removeAttribute("aria-labelledby");
                box.setAttribute("aria-describedby", value.id);
                value.removeAttribute("role");
                value.removeAttribute("aria-readonly");
            }
        }
    };
    // Boxes come when Select2 gets to it, at first and with each new row.
    const isBox = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(".select2");
    new MutationObserver((changes) => {
        for (const change of changes) {
            if ([...change.addedNodes].some(isBox)) {
                nameBoxes(change.target);
            }
        }
    }).observe(document, {childList: true, subtree: true});
}
document.addEventListener("keydown", (event) => {
    const opened = event.key === "Escape" && event.target.closest(".send[open]");
    if (opened) {
        opened.open = false;
        opened.querySelector("summary").focus();
    }
});
document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("#content-main > form");
    const note = document.querySelector(".unsaved");
    let isChanged = document.querySelector(".errornote, .conflict") !== null;

    const change = () => {
        isChanged = true;
        if (note) {
            note.hidden = false;
        }
    };

    // What became of a save is at hand, wherever the page is scrolled to.
    const said = document.querySelector(".messagelist li:last-child");
    const bar = document.getElementById("kept-at");
    if (said && bar) {
        bar.dataset.said = said.textContent;
    }

    if (form && form.querySelector("[name=_save]")) {
        if (isChanged) {
            change();
        }
        form.addEventListener("input", change);
        form.addEventListener("change", change);
        document.addEventListener("formset:added", change);
        document.addEventListener("formset:removed", change);
        form.addEventListener("submit", () => { isChanged = false; });
        form.addEventListener("desk:kept", () => { isChanged = false; }); // it comes back
        window.addEventListener("beforeunload", (event) => {
            if (isChanged) {
                event.preventDefault();
            }
        });
    }
});
