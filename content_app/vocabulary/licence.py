"""The terms of the content, said in every document and at the entrance of the API."""

LICENCE = {
    "name": "Creative Commons Attribution 4.0 International",
    "spdx": "CC-BY-4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "attribution": "AMPS API, CC BY 4.0",
}
DISCLAIMER = (
    "Information, not a diagnosis and not advice for one person. Do not decide on care from it alone; "
    "ask a health professional."
)
