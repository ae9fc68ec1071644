/* Shows the reading level of a plain text as it is typed: the automated readability index, as the server has it. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
    const grade = (text) => {
        const words = text.match(/[\p{L}\p{N}_'’-]+/gu) || [];
        if (!words.length) {
            return 0;
        }
        const sentences = (text.match(/[.!?…]+(?=\s|$)/gu) || []).length || 1;
        const characters = words.reduce((sum, word) => sum + [...word].length, 0);
        return Math.max(0, 4.71 * characters / words.length + 0.5 * words.length / sentences - 21.43);
    };

    const show = (text) => {
        const help = document.getElementById(`${text.id}_helptext`);
        const level = help && help.querySelector(".level");
        if (level) {
            const reached = Math.round(grade(text.value) * 10) / 10;
            level.querySelector(".grade").textContent = Math.round(reached);
            level.hidden = text.value.trim() === "";
            level.classList.toggle("above", reached > Number(text.dataset.goal));
            level.classList.toggle("far-above", reached > Number(text.dataset.far));
        }
    };

    document.addEventListener("input", (event) => {
        if (event.target.matches("textarea[data-goal]")) {
            show(event.target);
        }
    });
    document.querySelectorAll("textarea[data-goal]").forEach(show);
});
