/* Moves the parts of an item within their section: Alt+↑ and Alt+↓, or by the handle at the left. The order is sent
   with the form. Without this, a part that is open has a field for its position. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const page = document.getElementById("document");
    if (!page || !page.dataset.href) {
        return;
    }
    const live = document.createElement("p");
    live.className = "visually-hidden";
    live.setAttribute("role", "status");
    document.body.append(live);
    const linesOf = (list) => [...list.children];
    const sortOf = (line) => line.closest(".parts").dataset.sort;
    const token = (line) => line.dataset.key || `n${line.dataset.number}`;

    // Every part of the sort, as the page has them now; new ones by the number of their form.
    const tell = (sort) => {
        const order = page.querySelector(`[name="${sort}-order"]`);
        order.value = [...page.querySelectorAll(`#${sort}-group .line`)].map(token).join(",");
        order.dispatchEvent(new Event("change", {bubbles: true}));
    };

    const put = (line, to) => {
        const list = line.parentElement;
        const lines = linesOf(list);
        if (to < 0 || to >= lines.length) {
            live.textContent = to < 0 ? "Already first." : "Already last.";
            return;
        }
        const focused = document.activeElement;
        lines.splice(to, 0, ...lines.splice(lines.indexOf(line), 1));
        list.append(...lines);
        if (line.contains(focused)) {
            focused.focus();
        }
        tell(sortOf(line));
        live.textContent = `Moved to position ${to + 1} of ${lines.length}.`;
    };

    page.addEventListener("keydown", (event) => {
        const line = event.target.closest(".line");
        const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
        if (line && step && event.altKey) {
            event.preventDefault();
            put(line, linesOf(line.parentElement).indexOf(line) + step);
        }
    });

    const button = (line, sign, word, step) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "button quiet move";
        made.textContent = sign;
        made.title = `Move ${word} (Alt+${sign})`;
        made.setAttribute("aria-label", `Move ${word}`);
        made.addEventListener("click", () => put(line, linesOf(line.parentElement).indexOf(line) + step));
        line.querySelector(".part-tools").append(made);
    };

    let dragged = null;
    const equip = (line) => {
        if (line.classList.contains("is-open")) {
            button(line, "↑", "up", -1);
            button(line, "↓", "down", 1);
        }
        const handle = document.createElement("span");
        handle.className = "handle";
        handle.title = "Drag to move, or press Alt with an arrow key";
        handle.setAttribute("aria-hidden", "true");
        handle.draggable = true;
        handle.addEventListener("dragstart", (event) => {
            dragged = line;
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", "");
        });
        handle.addEventListener("dragend", () => { dragged = null; });
        line.prepend(handle);
    };
    page.addEventListener("dragover", (event) => {
        const over = event.target.closest(".line");
        if (dragged && over && over !== dragged && over.parentElement === dragged.parentElement) {
            event.preventDefault();
        }
    });
    page.addEventListener("drop", (event) => {
        const over = event.target.closest(".line");
        if (dragged && over) {
            event.preventDefault();
            put(dragged, linesOf(over.parentElement).indexOf(over));
        }
    });
    page.querySelectorAll(".line").forEach(equip);
    for (const name of ["formset:added", "formset:opened"]) {
        document.addEventListener(name, (event) => {
            if (event.target.matches(".line")) {
                equip(event.target);
            }
        });
    }
    // New parts come where they were added, once any part has been moved or one was added between others.
    document.addEventListener("formset:added", (event) => {
        if (event.target.matches(".line") && !event.target.closest(".lines.added")) {
            tell(sortOf(event.target));
        }
    });
    // The numbers of new parts follow those that are opened and closed.
    for (const name of ["formset:opened", "formset:removed"]) {
        document.addEventListener(name, (event) => {
            const sort = event.detail.formsetName;
            const order = page.querySelector(`[name="${sort}-order"]`);
            if (order && order.value) {
                tell(sort);
            }
        });
    }
});
