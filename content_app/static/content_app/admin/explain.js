/* Shows below a choice what the chosen word means. Without it, the meaning is each option's title. */
"use strict";
{
    const show = (select) => {
        const option = select.selectedOptions[0];
        const place = document.getElementById(`${select.id}_meaning`);
        place.textContent = option ? option.title : "";
    };
    const equip = (root) => {
        for (const select of root.querySelectorAll("select:has(option[title])")) {
            const place = document.createElement("div");
            place.className = "help meaning";
            place.id = `${select.id}_meaning`;
            select.after(place);
            const described = select.getAttribute("aria-describedby");
            select.setAttribute("aria-describedby", [described, place.id].filter(Boolean).join(" "));
            show(select);
        }
    };
    document.addEventListener("change", (event) => {
        if (event.target.matches("select:has(option[title])")) {
            show(event.target);
        }
    });
    document.addEventListener("DOMContentLoaded", () => equip(document));
    for (const name of ["formset:added", "formset:opened"]) {
        document.addEventListener(name, (event) => equip(event.target));
    }
}
