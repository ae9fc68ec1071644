/* The citations of a part: a line for each source, with its place and the words that support the part, instead of the
   text that is sent. Choosing fills a line; what is typed and not chosen is looked for when the page is saved. Without
   this, the text is typed. */
"use strict";
{
    const named = (tag, className, attributes = {}) => {
        const element = document.createElement(tag);
        element.className = className;
        Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
        return element;
    };

    // As the server reads it: `source; place`, then `> words`.
    const read = (text) => {
        const lines = [];
        for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
            if (line.startsWith(">") && lines.length) {
                const last = lines[lines.length - 1];
                last.passage = `${last.passage} ${line.slice(1).trim()}`.trim();
            } else {
                const [source, ...rest] = line.split(";");
                lines.push({source: source.trim(), locator: rest.join(";").trim(), passage: ""});
            }
        }
        return lines;
    };

    const equip = (citing) => {
        const text = citing.querySelector("textarea.citations");
        if (!text || citing.querySelector(".cited-lines")) {
            return;
        }
        const known = new Map([...citing.querySelectorAll(".named li")].map((item) => [item.dataset.slug, {
            slug: item.dataset.slug, label: item.querySelector("a").textContent,
            hint: item.querySelector("span").textContent, href: item.querySelector("a").getAttribute("href"),
        }]));
        citing.querySelector(".named")?.remove();
        citing.querySelector(".new-source")?.remove();
        const rows = named("ul", "cited-lines");
        const finder = named("input", "find-source", {
            type: "text", "data-choices": citing.dataset.choices, "data-alone": "1", spellcheck: "false",
            placeholder: "Author, year, title, DOI or PubMed ID",
        });
        for (const name of ["aria-describedby", "aria-invalid"]) {
            if (text.hasAttribute(name)) {
                finder.setAttribute(name, text.getAttribute(name));
            }
        }
        finder.id = text.id; // its label, and the sentences about it, lead to what can be typed in
        text.removeAttribute("id");
        const hadFocus = document.activeElement === text;
        text.hidden = true;
        const same = named("button", "same", {type: "button"});
        same.textContent = "Same as above";
        citing.append(rows, finder, same);
        if (hadFocus) {
            finder.focus();
        }

        const write = (pending = "") => {
            const lines = [...rows.children].flatMap((row) => {
                const [locator, passage] = row.querySelectorAll("input, textarea");
                const first = [row.dataset.source, locator.value.trim()].filter(Boolean).join("; ");
                const words = passage.value.replace(/\s+/g, " ").trim();
                return words ? [first, `> ${words}`] : [first];
            });
            const before = text.value;
            text.value = [...lines, pending.trim()].filter(Boolean).join("\n");
            if (text.value !== before) {
                text.dispatchEvent(new Event("input", {bubbles: true}));
                text.dispatchEvent(new Event("change", {bubbles: true}));
            }
        };

        const row = ({source, locator = "", passage = ""}) => {
            const about = known.get(source);
            const line = named("li", "cited-line");
            line.dataset.source = source;
            const link = named("a", "", {href: about.href, target: "_blank", title: about.hint});
            link.textContent = about.label;
            const place = named("input", "locator", {
                type: "text", "aria-label": `Place in ${about.label}`, placeholder: "Page, table or section",
            });
            const words = named("textarea", "passage", {
                rows: "1", "aria-label": `Words of ${about.label} that support this, for reviewers`,
                placeholder: "Words that support this (for reviewers, never published)",
            });
            place.defaultValue = locator;
            words.defaultValue = passage;
            const remove = named("button", "remove", {type: "button", "aria-label": `Remove ${about.label}`});
            remove.textContent = "×";
            remove.addEventListener("click", () => {
                line.remove();
                write();
                finder.focus();
            });
            for (const field of [place, words]) {
                field.addEventListener("input", () => write());
            }
            line.append(link, place, words, remove);
            rows.append(line);
            return place;
        };

        const put = (lines) => {
            const open = lines.filter((line) => !known.has(line.source));
            lines.filter((line) => known.has(line.source)).forEach(row);
            finder.defaultValue = open.map((line) => [line.source, line.locator].filter(Boolean).join("; "))[0] || "";
            open.slice(1).forEach((line) => { // more than one that is not known: each is corrected in turn
                known.set(line.source, {slug: line.source, label: line.source, hint: "", href: ""});
                row(line);
            });
        };
        put(read(text.value));

        const cite = (source) => {
            known.set(source.slug, source);
            finder.value = "";
            const place = row({source: source.slug});
            write();
            place.focus();
            return source;
        };
        finder.addEventListener("chosen", ({detail}) => {
            if (detail.new) {
                citing.dispatchEvent(new CustomEvent("source:new", {bubbles: true, detail: {given: detail.new, cite}}));
            } else {
                cite(detail);
            }
        });
        finder.addEventListener("input", () => write(finder.value)); // kept, and looked for, if it is not chosen

        const line = citing.closest(".line");
        const above = () => {
            const lines = [...document.querySelectorAll(`.line.${line.dataset.sort}`)];
            return lines[lines.indexOf(line) - 1];
        };
        same.hidden = !line || !above();
        same.addEventListener("click", async () => {
            const before = above();
            const address = document.getElementById("document").dataset.href;
            let from = before;
            if (!before.classList.contains("is-open")) {
                const query = new URLSearchParams({open: `${line.dataset.sort}-${before.dataset.key}`});
                const answer = await fetch(`${address}?${query}`, {credentials: "same-origin"});
                from = new DOMParser().parseFromString(await answer.text(), "text/html");
            }
            from.querySelectorAll(".named li").forEach((item) => known.set(item.dataset.slug, {
                slug: item.dataset.slug, label: item.querySelector("a").textContent,
                hint: item.querySelector("span").textContent, href: item.querySelector("a").getAttribute("href"),
            }));
            from.querySelectorAll(".cited-line").forEach((item) => {
                const link = item.querySelector("a");
                const slug = item.dataset.source;
                known.set(slug, {slug, label: link.textContent, hint: link.title, href: link.getAttribute("href")});
            });
            read(from.querySelector("textarea.citations")?.value || "").filter(({source}) => known.has(source))
                .forEach(row);
            write();
            rows.querySelector("li:last-child .locator")?.focus();
        });
        citing.dispatchEvent(new CustomEvent("choices:added", {bubbles: true}));
    };

    const equipAll = (root) => root.querySelectorAll(".citing").forEach(equip);
    document.addEventListener("DOMContentLoaded", () => equipAll(document));
    for (const name of ["formset:added", "formset:opened"]) {
        document.addEventListener(name, (event) => equipAll(event.target));
    }
}
