// Fields of a form that the server draws again while somebody fills them in.

/** The fields that somebody fills in. */
export function fieldsOf(part) {
  return [...part.querySelectorAll('select, textarea, input:not([type="hidden"])')];
}

function drawn(field) {
  if (field.localName !== "select") return field.defaultValue;
  return ([...field.options].find(({ defaultSelected }) => defaultSelected) ?? field.options[0])?.value;
}

/** Whether a field holds something else than the server drew. */
export function isChanged(field) {
  return field.value !== drawn(field);
}

/** Says what the server holds of a field; what stands in it stays. */
export function mark(field, value) {
  const stands = field.value;
  if (field.localName !== "select") field.defaultValue = value;
  else for (const option of field.options) option.defaultSelected = option.value === value;
  if (field.value !== stands) field.value = stands;
}

/** Takes over a form as the server draws it now, but for fields that were changed since it was drawn. */
export function renew(form, next) {
  for (const field of [...next.elements].filter(({ name }) => name)) {
    const mine = form.elements[field.name];
    if (!mine) continue;
    if (mine.type === "hidden") mine.value = field.value;
    else renewField(mine, drawn(field));
  }
}

function renewField(field, value) {
  const keeps = isChanged(field);
  mark(field, value);
  if (!keeps && isChanged(field)) field.value = value;
}
