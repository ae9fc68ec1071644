/* Moves an item's parts up and down, by button and by drag; their places follow. Without this, one types places. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const live = document.createElement("p");
    live.className = "visually-hidden";
    live.setAttribute("role", "status");
    document.body.append(live);

    const rowsOf = (group) => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
    const template = (group) => group.querySelector(".inline-related.empty-form");
    const placeOf = (row) => row.querySelector("input.place");
    const put = (group, rows) =>
        rows.forEach((row) => group.querySelector("fieldset").insertBefore(row, template(group)));

    // Numbers every row as it stands, and tells the form that something has changed.
    const renumber = (group) => {
        rowsOf(group).forEach((row, index) => {
            const label = row.querySelector(".inline_label");
            label.textContent = label.textContent.replace(/#\d+/, `#${index + 1}`);
            placeOf(row).value = index + 1;
        });
        placeOf(rowsOf(group)[0]).dispatchEvent(new Event("change", {bubbles: true}));
    };

    // Puts rows where their places say: a refused form comes back in the order in which it was sent.
    const sort = (group) => {
        const place = (row) => Number(placeOf(row).value) || Number.MAX_SAFE_INTEGER;
        put(group, rowsOf(group).sort((one, other) => place(one) - place(other)));
    };

    const tell = (group, row) => {
        const rows = rowsOf(group);
        live.textContent = `Moved to position ${rows.indexOf(row) + 1} of ${rows.length}.`;
    };

    const move = (group, row, step) => {
        const rows = rowsOf(group);
        const from = rows.indexOf(row);
        const to = from + step;
        if (to < 0 || to >= rows.length) {
            live.textContent = step < 0 ? "Already first." : "Already last.";
            return;
        }
        rows.splice(to, 0, ...rows.splice(from, 1));
        put(group, rows);
        renumber(group);
        tell(group, row);
    };

    const button = (group, row, sign, word, step) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "move";
        made.textContent = sign;
        made.title = `Move ${word}`;
        made.addEventListener("click", () => {
            move(group, row, step);
            made.focus();
        });
        const label = row.querySelector(".inline_label");
        const name = () => made.setAttribute("aria-label", `Move ${label.textContent.trim()} ${word}`);
        made.addEventListener("focus", name);
        name();
        return made;
    };

    let dragged = null;
    const equip = (group, row) => {
        const tools = document.createElement("span");
        tools.className = "moves";
        const handle = document.createElement("span");
        handle.className = "handle";
        handle.textContent = "⠿";
        handle.title = "Drag to move";
        handle.setAttribute("aria-hidden", "true");
        handle.draggable = true;
        handle.addEventListener("dragstart", (event) => {
            dragged = row;
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", "");
            event.dataTransfer.setDragImage(row.querySelector("h3"), 0, 0);
        });
        handle.addEventListener("dragend", () => { dragged = null; });
        tools.append(handle, button(group, row, "↑", "up", -1), button(group, row, "↓", "down", 1));
        row.querySelector("h3").prepend(tools);
    };

    const watch = (group) => {
        group.addEventListener("dragover", (event) => {
            const over = event.target.closest(".inline-related");
            const isRow = over && over !== dragged && !over.classList.contains("empty-form");
            if (dragged && isRow && group.contains(dragged)) {
                event.preventDefault();
            }
        });
        group.addEventListener("drop", (event) => {
            const over = event.target.closest(".inline-related");
            if (dragged && over) {
                event.preventDefault();
                const rows = rowsOf(group);
                move(group, dragged, rows.indexOf(over) - rows.indexOf(dragged));
            }
        });
        // Django's script numbers the fields of rows as they stand; stored rows must come first while it does.
        group.addEventListener("click", (event) => {
            if (event.target.closest(".inline-deletelink")) {
                const index = (row) => Number(row.id.slice(row.id.lastIndexOf("-") + 1));
                put(group, rowsOf(group).sort((one, other) => index(one) - index(other)));
            }
        }, true);
    };

    document.querySelectorAll(".inline-group.parts").forEach((group) => {
        if (template(group)) {
            rowsOf(group).forEach((row) => equip(group, row));
            sort(group);
            watch(group);
        }
    });
    document.addEventListener("formset:added", (event) => {
        const group = event.target.closest(".inline-group.parts");
        if (group) {
            event.target.querySelectorAll(".moves").forEach((tools) => tools.remove());
            equip(group, event.target);
        }
    });
    document.addEventListener("formset:removed", (event) => {
        // Once Django's script has numbered the rows that are left.
        setTimeout(() => {
            const group = document.getElementById(`${event.detail.formsetName}-group`);
            if (group && template(group) && rowsOf(group).length) {
                sort(group);
                renumber(group);
            }
        });
    });
});
