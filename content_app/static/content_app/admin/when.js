/* Chooses the time zone of the browser where a moment is to be typed; never under a time that stands there already. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    document.querySelectorAll("select.time-zone").forEach((select) => {
        const zone = JSON.parse(select.dataset.formerNames)[own] ?? own;
        const at = select.form.querySelector("[name=at]");
        if (at && at.value === "" && [...select.options].some((option) => option.value === zone)) {
            select.value = zone;
        }
    });
});
