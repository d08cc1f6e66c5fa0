"""Forms of an upload: the file, and how it is read."""

from collections.abc import Mapping
from typing import Any

from django import forms

from pilots.models import Upload
from pilots.outturn.sheet import column_letter
from pilots.spend.files import UPLOADED, Mode
from pilots.spend.files.headings import SYNONYMS
from pilots.spend.files.units import Unit

MEGABYTES = UPLOADED.bytes // 1_000_000
MODES = [
    (Mode.ADD_OR_CHANGE.value, "They stay as they are"),
    (Mode.REPLACE.value, "They are removed: the file holds everything"),
]
MODE_LABEL = "Lines that are recorded and not in the file"
NAMES = {
    "place": "Place",
    "year": "Year",
    "agency": "Body that spends it",
    "funder": "Money from",
    "service_line": "Service line",
    "spend_type": "Spend type",
    "is_capital": "Capital (yes or no)",
    "is_transfer": "Passed on (yes or no)",
    "receiver": "Passed on to",
    "amount": "Amount in the place, £",
    "whole_amount": "Whole amount, £",
    "share": "Share of the whole",
    "basis": "What it rests on",
    "method": "How it was shared out",
    "source": "Source",
    "note": "Note",
}
# Headings and cells of a column's name in a select are cut to this.
NAME_LENGTH = 60
# Problems that choosing a sheet settles.
ABOUT_SHEETS = {"several-sheets", "no-such-sheet", "no-headings", "bad-package"}
# Problems that choosing columns or a sheet settles.
SETTLED_BY_CHOOSING = ABOUT_SHEETS | {"missing-column", "two-columns", "no-such-column", "unit-in-heading"}


class FileForm(forms.Form):
    """A file to send, and what becomes of lines that it lacks."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Choose a file.", "max_length": "The file's name is too long. Shorten it."},
        help_text=f"CSV, XLSX, ODS, XLS, or a Fiscal Data Package as a zip. At most {MEGABYTES} MB and "
        f"{UPLOADED.rows:,} rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,.xls,.zip"}),
    )
    mode = forms.ChoiceField(
        label=MODE_LABEL,
        choices=MODES,
        initial=Mode.ADD_OR_CHANGE.value,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
    )


class ReadingForm(forms.Form):
    """How a file is read: the column of each field, the sheet, the unit, what becomes of lines that it lacks."""

    mode = forms.ChoiceField(
        label=MODE_LABEL, choices=MODES, widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"})
    )

    unit = forms.ChoiceField(
        label="Amounts are in",
        choices=[(unit.value, unit.words) for unit in Unit],
        help_text="What is in thousands or millions is multiplied, exactly, when it is read.",
    )

    def __init__(self, upload: Upload, data: Any = None) -> None:
        report = upload.report
        spoken = [unit for unit in report.get("spoken_units", []) if unit in Unit]
        # Offered, and asked about: nothing is multiplied until somebody sends this form.
        unit = spoken[0] if len(spoken) == 1 and upload.unit == Unit.POUNDS else upload.unit
        super().__init__(data, initial={"mode": upload.mode, "sheet": upload.sheet, "unit": unit})
        self.headings: list[str] = report.get("headings", [])
        if upload.sheet or ABOUT_SHEETS & {one["code"] for one in report.get("problems", [])[:20]}:
            self.fields["sheet"] = forms.CharField(
                required=False,
                max_length=255,
                label="Sheet to read",
                help_text="The name of the sheet, or of the resource of a package, that holds the spend lines.",
            )
        if self.headings:
            self._add_columns(report)

    def _add_columns(self, report: Mapping[str, Any]) -> None:
        mapped = report.get("mapped", {})
        choices = [("", "Not in the file"), *_columns(self.headings, report.get("samples", []))]
        for field in SYNONYMS:
            taken = mapped.get(field)
            self.fields[f"column_{field}"] = forms.ChoiceField(
                required=False,
                label=NAMES[field],
                choices=choices,
                initial="" if taken is None else column_letter(taken),
            )

    def columns(self) -> list[Any]:
        """The fields for columns, to be drawn."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen: dict[str, str] = {}
        for name in [name for name in self.fields if name.startswith("column_")]:
            letter, label = given.get(name), self.fields[name].label
            if letter in chosen:
                self.add_error(name, f"Column {letter} is “{chosen[letter]}” already. Choose another.")
            elif letter:
                chosen[letter] = str(label)
        return given

    def choices(self) -> dict[str, Any]:
        """What `check_again` takes."""
        given = self.cleaned_data
        return {name: given.get(name, "") for name in ("mode", "unit", "sheet")} | {"mapping": self._mapping()}

    def _mapping(self) -> dict[str, str]:
        """Fields by heading, or by letter where a heading is blank or not the only one; "" leaves a column out."""
        letters = [column_letter(index) for index in range(len(self.headings))]
        fields = {self.cleaned_data.get(name): name.removeprefix("column_") for name in self.fields}
        names = {
            letter: heading if heading and self.headings.count(heading) == 1 and heading not in letters else letter
            for letter, heading in zip(letters, self.headings, strict=True)
        }
        return {names[letter]: fields.get(letter, "") for letter in letters}


def _columns(headings: list[str], samples: list[list[str]]) -> list[tuple[str, str]]:
    """A file's columns as people know them: C: Amount (5; 6; 7)."""
    columns = []
    for index, heading in enumerate(headings):
        letter = column_letter(index)
        some = "; ".join(row[index] for row in samples if index < len(row) and row[index])
        name = f"{letter}: {heading}" if heading else letter
        columns.append((letter, f"{name} ({some})"[:NAME_LENGTH] if some else name[:NAME_LENGTH]))
    return columns
