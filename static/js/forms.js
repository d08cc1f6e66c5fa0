// What the forms of GOV.UK Frontend need a script for; only pages with a form load it.

import { Button, CharacterCount, ErrorSummary, PasswordInput, Radios, createAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, CharacterCount, ErrorSummary, PasswordInput, Radios]) createAll(component);
