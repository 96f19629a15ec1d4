// Shows the free times on the guest's own clock: that of the browser, unless the address names another time zone.
// The page works without it; the times are then on the clock of whoever is booked, which the page names.
"use strict";

const address = new URL(location.href);
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (mine && mine !== document.currentScript.dataset.zone && !address.searchParams.has("zone")) {
  address.searchParams.set("zone", mine);
  location.replace(address);
}
