/* A list of choices under a field that says where they come from (data-choices): asks as somebody types, and is gone
   through by arrows and Enter (the combobox pattern of WAI-ARIA 1.2). What is chosen is told as the event "chosen".
   Without it, what is typed is looked for when the page is sent. */
"use strict";
{
    const PAUSE = 200; // milliseconds after the last key
    let made = 0;

    const equip = (field) => {
        if (field.getAttribute("role") === "combobox") {
            return;
        }
        const list = document.createElement("ul");
        list.id = `choices-${made += 1}`;
        list.className = "choices-list";
        list.setAttribute("role", "listbox");
        list.setAttribute("aria-label", "Choices");
        list.hidden = true;
        const told = document.createElement("span");
        told.className = "visually-hidden";
        told.setAttribute("role", "status");
        field.after(list, told);
        for (const [name, value] of Object.entries({
            role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
            "aria-controls": list.id,
        })) {
            field.setAttribute(name, value);
        }
        let results = [];
        let at = -1;
        let timer = 0;
        let asked = 0;

        const point = (place) => {
            at = place;
            [...list.children].forEach((option, number) => {
                option.setAttribute("aria-selected", String(number === at));
                if (number === at) {
                    option.scrollIntoView({block: "nearest"});
                }
            });
            if (at < 0) {
                field.removeAttribute("aria-activedescendant");
            } else {
                field.setAttribute("aria-activedescendant", list.children[at].id);
            }
        };

        const close = () => {
            asked += 1;
            clearTimeout(timer);
            list.hidden = true;
            field.setAttribute("aria-expanded", "false");
            point(-1);
        };

        const choose = (result) => {
            close();
            field.dispatchEvent(new CustomEvent("chosen", {bubbles: true, detail: result}));
        };

        const show = (found) => {
            results = found;
            list.replaceChildren(...found.map((result, number) => {
                const option = document.createElement("li");
                option.id = `${list.id}-${number}`;
                option.setAttribute("role", "option");
                option.setAttribute("aria-selected", "false");
                option.append(result.label);
                if (result.hint) {
                    const hint = document.createElement("small");
                    hint.textContent = result.hint;
                    option.append(hint);
                }
                option.addEventListener("mousedown", (event) => {
                    event.preventDefault();
                    choose(result);
                });
                return option;
            }));
            list.hidden = !found.length;
            list.scrollIntoView({block: "nearest"});
            field.setAttribute("aria-expanded", String(Boolean(found.length)));
            told.textContent = found.length ? `${found.length} choices` : "Nothing found";
            at = -1;
        };

        const ask = async () => {
            const number = asked += 1;
            const query = new URLSearchParams({as: "json", q: field.value});
            const beside = field.dataset.beside
                && field.closest(".line").querySelector(`[name$="-${field.dataset.beside}"]`);
            if (beside) {
                query.set(field.dataset.beside, beside.value);
            }
            try {
                const answer = await fetch(`${field.dataset.choices}?${query}`, {credentials: "same-origin"});
                if (answer.ok && !answer.redirected && number === asked) {
                    show((await answer.json()).results);
                }
            } catch {
                // what is typed stays, and is looked for when the page is sent
            }
        };

        field.addEventListener("input", (event) => {
            if (!event.isTrusted) {
                return; // filled in, not typed
            }
            clearTimeout(timer);
            if (field.value.trim().length > 1) {
                timer = setTimeout(ask, PAUSE);
            } else {
                close();
            }
        });
        field.addEventListener("keydown", (event) => {
            const isOpen = !list.hidden;
            if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
                event.preventDefault();
                const step = event.key === "ArrowDown" ? 1 : -1;
                point((at + step + results.length + (at < 0 && step < 0 ? 1 : 0)) % results.length);
            } else if (event.key === "Enter" && !event.ctrlKey && (isOpen && at >= 0 || field.dataset.alone)) {
                event.preventDefault();
                if (isOpen && at >= 0) {
                    choose(results[at]);
                }
            } else if (isOpen && event.key === "Escape") {
                event.preventDefault();
                close();
            }
        });
        field.addEventListener("blur", close);
    };

    const equipAll = (root) => root.querySelectorAll("input[data-choices]").forEach(equip);
    document.addEventListener("DOMContentLoaded", () => equipAll(document));
    for (const name of ["formset:added", "formset:opened", "choices:added"]) {
        document.addEventListener(name, (event) => equipAll(event.target));
    }
    // A choice that knows the fields beside it fills them.
    document.addEventListener("chosen", (event) => {
        for (const [name, value] of Object.entries(event.detail.fields || {})) {
            const field = event.target.closest(".line").querySelector(`[name$="-${name}"]`);
            if (field && !field.disabled) {
                field.value = value;
                field.dispatchEvent(new Event("input", {bubbles: true}));
                field.dispatchEvent(new Event("change", {bubbles: true}));
            }
        }
    });
}
