/* A new source without leaving the page: a dialog with its form, which begins with what somebody typed or pasted. What
   is typed in the dialog stays there until it is added, and nothing on the page behind is touched but the citation. */
"use strict";
const SIGNED_OUT = "You have been signed out. Sign in again in another tab, then come back here. "
    + "Your text is still here.";
const REFUSED = "The server refused the request. Open the page in another tab to see why. Your text is still here.";
document.addEventListener("DOMContentLoaded", () => {
    const first = document.querySelector(".citing");
    const page = document.getElementById("document");
    if (!(first || page) || typeof HTMLDialogElement === "undefined") return;
    let asking = null;  // what is cited into, and what the form began with
    let address = "";

    const dialog = document.createElement("dialog");
    dialog.className = "source-dialog";
    dialog.setAttribute("aria-labelledby", "source-dialog-title");
    const title = document.createElement("h2");
    title.id = "source-dialog-title";
    title.textContent = "Add a source";
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
    const ask = async (options, query = "") => {
        said.textContent = "";
        try {
            const response = await fetch(address + query, {credentials: "same-origin", ...options});
            if (response.redirected) said.textContent = SIGNED_OUT;
            else if (!response.ok) said.textContent = REFUSED;
            else return response;
        } catch {
            said.textContent = "The server is not responding. Your text is still here: try again.";
        }
        return null;
    };

    document.addEventListener("source:new", async (event) => {
        const given = JSON.stringify(event.detail.given);
        address = event.target.dataset.dialog;
        if (!content.firstChild || asking?.given !== given) {
            const response = await ask({}, `?${new URLSearchParams(event.detail.given)}`);
            if (response) put(await response.text());
        }
        asking = {given, cite: event.detail.cite};
        dialog.showModal();
        content.querySelector("input:not([type=hidden])")?.focus();
    });

    const send = async (form) => {
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        const response = await ask({method: "POST", body: new FormData(form)});
        button.disabled = false;
        if (!response) return;
        if (response.status === 201) {
            const source = await response.json();
            content.replaceChildren();
            dialog.close();
            asking.cite(source);
            live.textContent = `“${source.label}” was added and is now cited here. Enter the place in the source.`;
            return;
        }
        put(await response.text());
        (content.querySelector("[aria-invalid=true]") || content.querySelector(".errornote"))?.focus();
    };

    dialog.addEventListener("click", (event) => {
        if (event.target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("submit", (event) => {
        event.preventDefault();
        said.textContent = "";
        send(event.target);
    });
});
