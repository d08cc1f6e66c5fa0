// What the forms of GOV.UK Frontend need a script for; only pages with a form load it.

import { Button, ErrorSummary, Radios, createAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, ErrorSummary, Radios]) createAll(component);
