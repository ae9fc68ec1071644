"""How dates and times are shown where a page does not say: unambiguous dates, and a 24-hour clock with its zone."""

DATETIME_FORMAT = "j M Y, H:i T"
SHORT_DATETIME_FORMAT = DATETIME_FORMAT
TIME_FORMAT = "H:i T"
# Forms show the first; the others can be typed too, and YYYY-MM-DD always.
DATE_INPUT_FORMATS = ["%d %b %Y", "%d %B %Y", "%d/%m/%Y"]
