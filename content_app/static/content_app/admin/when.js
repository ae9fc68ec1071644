/* Chooses the time zone of the browser where a moment is typed, unless another one was chosen already. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    document.querySelectorAll("select.time-zone").forEach((select) => {
        if (select.value === "UTC" && [...select.options].some((option) => option.value === own)) {
            select.value = own;
        }
    });
});
