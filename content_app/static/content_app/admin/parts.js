/* The parts of an item: a click on a line, or Enter on its link, opens its form in place; Ctrl+Enter adds the next in
   the same section; Escape closes a part in which nothing was typed. Only open parts are sent. Without this, each link
   loads the page with that part open. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const page = document.getElementById("document");
    if (!page || !page.dataset.href) {
        return;
    }
    document.documentElement.classList.add("opens-in-place");
    const count = (sort, name) => document.getElementById(`id_${sort}-${name}_FORMS`);
    const openOf = (sort) => [...page.querySelectorAll(`#${sort}-group .line.is-open`)];
    const isStored = (line) => Boolean(line.dataset.key);
    const dom = (html) => new DOMParser().parseFromString(html, "text/html").querySelector(".line");
    const closed = new WeakMap(); // the text of a line that is open

    // Names and ids of the fields in a line carry the number of its form.
    const renumber = (line, number) => {
        const {sort, number: before} = line.dataset;
        if (Number(before) === number) {
            return;
        }
        const old = new RegExp(`(^|[#_])${sort}-${before}-`, "g");
        for (const node of line.querySelectorAll("*")) {
            for (const name of ["id", "name", "for", "aria-describedby"]) {
                if (node.hasAttribute(name)) {
                    node.setAttribute(name, node.getAttribute(name).replaceAll(old, `$1${sort}-${number}-`));
                }
            }
        }
        line.querySelector(".part").id = `${sort}-form-${number}`;
        line.dataset.number = number;
    };

    // Django wants the forms of stored rows first, without gaps. From the end, so that no two share a name.
    const recount = (sort) => {
        const lines = openOf(sort);
        const stored = lines.filter(isStored);
        const ordered = [...stored, ...lines.filter((line) => !isStored(line))];
        ordered.forEach((line, number) => renumber(line, 100000 + number));
        ordered.forEach((line, number) => renumber(line, number));
        count(sort, "INITIAL").value = stored.length;
        count(sort, "TOTAL").value = ordered.length;
    };

    const tell = (line, name) => line.dispatchEvent(new CustomEvent(name, {
        bubbles: true, detail: {formsetName: line.dataset.sort},
    }));

    const tool = (line, text, act) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button quiet";
        button.textContent = text;
        button.addEventListener("click", act);
        line.querySelector(".part-tools").append(button);
    };

    const typedIn = (line) => [...line.querySelectorAll("input, select, textarea")].some((field) => {
        if (field.type === "hidden") {
            return false;
        }
        if (field.type === "checkbox") {
            return field.checked !== field.defaultChecked;
        }
        return field.options
            ? [...field.options].some((option) => option.selected !== option.defaultSelected)
            : field.value !== field.defaultValue;
    });

    const close = (line) => {
        if (!isStored(line)) {
            line.remove();
        } else if (closed.has(line) && !typedIn(line)) {
            const text = closed.get(line);
            line.replaceWith(text);
            text.querySelector(".chips a").focus();
        } else {
            return;
        }
        recount(line.dataset.sort);
        document.dispatchEvent(new CustomEvent("formset:removed", {detail: {formsetName: line.dataset.sort}}));
    };

    const equip = (line) => {
        if (isStored(line)) {
            tool(line, "Close", () => close(line));
        } else {
            tool(line, "Remove", () => close(line));
        }
    };

    const focusIn = (line, field) => {
        const named = field && line.querySelector(`[name$="-${field}"]`);
        const first = line.querySelector("textarea, input[type=text]:not([disabled])");
        (named || first || line.querySelector(".part")).focus();
    };

    const ask = async (query) => {
        page.setAttribute("aria-busy", "true");
        try {
            const answer = await fetch(`${page.dataset.href}?${new URLSearchParams(query)}`, {
                credentials: "same-origin",
            });
            return answer.ok && !answer.redirected ? dom(await answer.text()) : null;
        } catch {
            return null;
        } finally {
            page.removeAttribute("aria-busy");
        }
    };

    const open = async (line, field = "") => {
        const group = line.closest("details");
        if (group) {
            group.open = true;
        }
        if (line.classList.contains("is-open")) {
            focusIn(line, field);
            return;
        }
        const [sort, index] = line.id.split("-");
        const {key} = line.dataset;
        const number = openOf(sort).length;
        const opened = await ask({open: `${sort}-${key}`, number, index});
        if (!opened) { // the whole page says why
            location.search = `?open=${sort}-${key}`;
        } else if (line.isConnected) {
            opened.dataset.number = number;
            closed.set(opened, line);
            line.replaceWith(opened);
            equip(opened);
            recount(sort);
            django.jQuery(opened).find(".admin-autocomplete").djangoAdminSelect2();
            tell(opened, "formset:opened");
            focusIn(opened, field);
        }
    };

    const add = async (sort, group, after) => {
        const number = openOf(sort).length;
        const added = await ask({add: sort, in: group, number});
        if (!added) {
            location.search = `?add=${sort}&in=${group}`;
            return;
        }
        added.dataset.in = group;
        if (after) {
            after.after(added);
        } else {
            page.querySelector(`#${sort}-group .lines.added`).append(added);
        }
        equip(added);
        recount(sort);
        tell(added, "formset:added");
        focusIn(added);
    };

    // What is chosen by a key or by pointing leads to the same three acts.
    page.addEventListener("click", (event) => {
        const link = event.target.closest("a, button, input, select, textarea, label, summary");
        const line = event.target.closest(".line:not(.is-open)");
        const adding = event.target.closest("a.add");
        if (adding) {
            event.preventDefault();
            const list = adding.closest(".group")?.querySelector(".lines");
            add(adding.dataset.add, adding.dataset.in || "", list && list.lastElementChild);
        } else if (line && (!link || link.matches(".chips a")) && getSelection().isCollapsed) {
            event.preventDefault();
            open(line);
        }
    });
    page.addEventListener("keydown", (event) => {
        const line = event.target.closest(".line");
        if (!line) {
            return;
        }
        if (event.key === "Escape" && line.classList.contains("is-open") && !event.defaultPrevented) {
            close(line);
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            const aspect = line.querySelector("[name$='-aspect'], [name$='-predicate'], [name$='-system']");
            add(line.dataset.sort, aspect ? aspect.value : "", line);
        }
    });
    // A sentence about a part that is closed opens it at the field it is about.
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='?at=']");
        const [sort, index, field] = link ? new URLSearchParams(link.search).get("at").split("/") : [];
        const line = link && document.getElementById(`${sort}-${index}`);
        if (line) {
            event.preventDefault();
            open(line, field);
        }
    });
    document.addEventListener("keydown", (event) => {
        const save = document.querySelector("#content-main [name=_save]");
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && save) {
            event.preventDefault();
            save.form.requestSubmit(save);
        }
    });
    page.querySelectorAll(".line.is-open").forEach(equip);
    const [sort, index, field] = (new URLSearchParams(location.search).get("at") || "").split("/");
    const pointed = index && document.getElementById(`${sort}-${index}`);
    if (pointed) {
        open(pointed, field);
    }
});
