// Fills hidden fields with what the browser knows: data-fill="time-zone" (IANA name) or data-fill="locale" (BCP 47).
// Pages work without it; the server then takes UTC and the Accept-Language header.
"use strict";

const known = {
  "time-zone": () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  "locale": () => navigator.language,
};

for (const field of document.querySelectorAll("input[data-fill]")) {
  field.value = known[field.dataset.fill]?.() ?? field.value;
}
