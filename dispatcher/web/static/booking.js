// After a refused form the reader is taken to the list of what is wrong.
"use strict";
const summary = document.getElementById("summary");
if (summary) summary.focus();
