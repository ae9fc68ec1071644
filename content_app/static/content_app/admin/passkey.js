/* Browsers offer no passkeys at an address of numbers, such as that of one's own machine: say so, and lead to its
   name. */
"use strict";
if (/^(\d+\.){3}\d+$|^\[/.test(location.hostname)) {
    const hint = document.getElementById("passkey-needs-a-name");
    const named = new URL(location.href);
    named.hostname = "localhost";
    document.getElementById("passkey_login").disabled = true;
    hint.hidden = false;
    if (/^127\./.test(location.hostname) || location.hostname === "[::1]") {
        hint.querySelector("a").href = named.href;
    } else {
        hint.textContent = "Passkeys do not work with a numeric address. Open this page under its host name.";
    }
}
