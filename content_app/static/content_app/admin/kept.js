/* Keeps what somebody sends from the desk until the desk has answered: if they have to sign in again first, or the
   server cannot be reached, it is given back to the same person, in the same form, unsaved. It stays in this tab.

   In: forms that hold [data-kept]; data-person and data-page of this script (desk, account or refusal).
   A kept form is "sent"; then "interrupted" by a page that is not the desk's; then "returning". */
"use strict";
{
    const KEY = "kept";
    const {person = "", page} = document.currentScript.dataset;

    const read = () => {
        try {
            return JSON.parse(sessionStorage.getItem(KEY));
        } catch {
            return null;
        }
    };
    const write = (kept) => {
        try {
            sessionStorage.setItem(KEY, JSON.stringify(kept));
        } catch { /* no room, or not allowed: then nothing is kept */ }
    };
    const forget = () => sessionStorage.removeItem(KEY);

    const keep = (event) => {
        const form = event.target;
        if (person && form.querySelector("[data-kept]")) {
            const typed = [...new FormData(form, event.submitter)];
            const fields = typed.filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
            write({person, action: form.action, fields, state: "sent"});
        }
    };

    const giveBack = (kept) => {
        const form = document.createElement("form");
        const token = document.querySelector("[name=csrfmiddlewaretoken]");
        const fields = [...kept.fields, ["csrfmiddlewaretoken", token ? token.value : ""], ["_given_back", "1"]];
        form.method = "post";
        form.action = kept.action;
        form.hidden = true;
        for (const [name, value] of fields) {
            const field = document.createElement("textarea"); // an input would lose line breaks
            field.name = name;
            field.value = value;
            form.append(field);
        }
        document.body.append(form);
        write({...kept, state: "returning"});
        form.submit();
    };

    const button = (text, act) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "button";
        made.textContent = text;
        made.addEventListener("click", act);
        return made;
    };

    const offer = (kept) => {
        const note = document.createElement("p");
        note.className = "kept errornote";
        note.textContent = "Something you sent from this page was not received. ";
        note.append(
            button("Open the page again with your changes", () => giveBack(kept)),
            button("Discard it", () => { forget(); note.remove(); }),
        );
        document.querySelector("#content").prepend(note);
    };

    const cameBack = () => performance.getEntriesByType("navigation").some((entry) => entry.type === "back_forward");

    const atTheDesk = (kept) => {
        if (kept.person !== person || kept.state === "returning" || (kept.state === "sent" && !cameBack())) {
            forget();
        } else if (kept.state === "interrupted" && new URL(kept.action).pathname === location.pathname) {
            giveBack(kept);
        } else {
            offer(kept);
        }
    };

    const elsewhere = (kept) => {
        write({...kept, state: "interrupted"});
        const note = document.querySelector(".kept");
        if (note) {
            note.querySelector("a").href = kept.action;
            note.hidden = false;
        }
    };

    const kept = read();
    if (kept) {
        (page === "desk" && person ? atTheDesk : elsewhere)(kept);
    }
    document.addEventListener("submit", keep);
}
