// After a refused form the reader is taken to the list of what is wrong; the print button needs a script.
"use strict";
const faults = document.getElementById("summary");
if (faults) faults.focus();
const printer = document.getElementById("print");
if (printer) {
  printer.hidden = false;
  printer.addEventListener("click", () => window.print());
}
