/* Citing a source without leaving the page: the link beside each citations field becomes a button that opens a dialog.
   What is typed in the dialog stays there until it is added, and nothing on the page behind is touched but the
   citation that is added to. Without this, the link opens a tab of its own. */
"use strict";
const SIGNED_OUT = "You have been signed out. Sign in again in another tab, then come back here. "
    + "Your text is still here.";
const REFUSED = "The server refused the request. Open the page in another tab to see why. Your text is still here.";
document.addEventListener("DOMContentLoaded", () => {
    const links = document.querySelectorAll("a.new-source");
    if (!links.length || typeof HTMLDialogElement === "undefined") return;
    const address = links[0].dataset.dialog;
    let citing = null;  // the text area that asked

    const equip = (link) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "new-source";
        button.textContent = link.textContent;
        button.setAttribute("aria-haspopup", "dialog");
        link.replaceWith(button);
    };
    links.forEach(equip);
    for (const name of ["formset:added", "formset:opened"]) {
        document.addEventListener(name, (event) => event.target.querySelectorAll("a.new-source").forEach(equip));
    }

    const dialog = document.createElement("dialog");
    dialog.className = "source-dialog";
    dialog.setAttribute("aria-labelledby", "source-dialog-title");
    const title = document.createElement("h2");
    title.id = "source-dialog-title";
    title.textContent = "Cite a source";
    const said = document.createElement("p");
    said.setAttribute("role", "alert");
    said.className = "said";
    const content = document.createElement("div");
    dialog.append(title, said, content);
    const live = document.createElement("p");
    live.className = "visually-hidden";
    live.setAttribute("role", "status");
    document.body.append(dialog, live);

    const put = (html) => {
        const parsed = new DOMParser().parseFromString(html, "text/html");
        content.replaceChildren(...parsed.body.childNodes);
    };

    // One request; what cannot be used is told in the dialog, and what was typed stays.
    const ask = async (options) => {
        said.textContent = "";
        try {
            const response = await fetch(address, {credentials: "same-origin", ...options});
            if (response.redirected) said.textContent = SIGNED_OUT;
            else if (!response.ok) said.textContent = REFUSED;
            else return response;
        } catch {
            said.textContent = "The server is not responding. Your text is still here: try again.";
        }
        return null;
    };

    const open = async (button) => {
        citing = button.closest(".one-field").querySelector("textarea.citations");
        if (!content.firstChild) {
            const response = await ask({});
            if (response) put(await response.text());
        }
        dialog.showModal();
        content.querySelector("input:not([type=hidden])")?.focus();
    };

    // A new line with the source's slug; the cursor stands where the place in the source goes.
    const cite = ({slug, title: name, isNew}) => {
        const kept = citing.value.replace(/\s+$/, "");
        citing.value = `${kept}${kept ? "\n" : ""}${slug}; `;
        citing.dispatchEvent(new Event("input", {bubbles: true}));
        citing.dispatchEvent(new Event("change", {bubbles: true}));
        if (isNew) content.replaceChildren();
        else content.querySelector("#known-source").value = "";
        dialog.close();
        citing.focus();
        citing.setSelectionRange(citing.value.length, citing.value.length);
        const added = isNew ? "was added and " : "";
        live.textContent = `“${name}” ${added}is now cited here. Enter the place in the source.`;
    };

    const send = async (form) => {
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        const response = await ask({method: "POST", body: new FormData(form)});
        button.disabled = false;
        if (!response) return;
        if (response.status === 201) return cite({...await response.json(), isNew: true});
        put(await response.text());
        (content.querySelector("[aria-invalid=true]") || content.querySelector(".errornote"))?.focus();
    };

    const citeKnown = (field) => {
        const chosen = [...field.list.options].find((option) => option.value === field.value.trim());
        if (chosen) return cite({slug: chosen.value, title: chosen.textContent});
        said.textContent = field.value.trim()
            ? "This source was not found. Choose one from the list, or add it below."
            : "Choose a source from the list first.";
        field.focus();
    };

    document.addEventListener("click", (event) => {
        const button = event.target.closest("button.new-source");
        if (button) open(button);
    });
    dialog.addEventListener("click", (event) => {
        if (event.target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("submit", (event) => {
        event.preventDefault();
        said.textContent = "";
        if (event.target.matches(".known-source")) citeKnown(event.target.querySelector("input"));
        else send(event.target);
    });
});
