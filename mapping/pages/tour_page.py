"""The first visit by example: one real place, step by step, each step a sentence computed from its figures."""

from dataclasses import dataclass
from typing import Any

from mapping.charts import findings, findings_of_place
from mapping.charts.inputs import PlaceFigures


@dataclass(frozen=True)
class Step:
    """What a reader is shown: a question, the place's own answer, how to read it, and where it stands."""

    question: str
    answer: str
    reading: str
    address: str
    link: str


def tour_page(figures: PlaceFigures) -> dict[str, Any]:
    """The template's context."""
    return {"place": figures, "steps": steps(figures)}


def steps(figures: PlaceFigures) -> list[Step]:
    """From the answer to how sure it is; steps that the figures cannot take yet are left out."""
    here, savings = f"/places/{figures.slug}/", figures.savings
    found = [
        Step(
            "What is spent, and what could be saved?",
            str(findings_of_place.place_headline(figures)),
            "Every page begins with its answer. The amount in plum is what joining up would save; "
            "plum is used for nothing else.",
            here,
            "The page of the place",
        ),
        Step(
            "Who spends it?",
            f"{findings_of_place.who_spends(figures)}.",
            "One bar for each body, split by service. Press Table for the same to the penny, "
            "or go from part to part with the arrow keys.",
            f"{here}#spend",
            "Spend by body",
        ),
        Step(
            "On what exactly?",
            f"{findings_of_place.who_does_what(figures)}.",
            "The darker a cell, the more is spent. Press a service to open it, a body to see it by itself.",
            f"{here}#who-does-what",
            "Bodies by services",
        ),
    ]
    if savings is None:
        return found
    scenario = figures.provenance.scenario
    return [
        *found,
        Step(
            "Which way saves most?",
            f"{findings.which_way(savings, scenario)}.",
            "The solid part of a bar is joining up, the pale part what each body could do alone, "
            "the line beneath runs from the low to the high case.",
            f"{here}savings/#ways",
            "Ways to save",
        ),
        Step(
            "Who should talk to whom?",
            f"{findings_of_place.who_talks_first(figures.pairs, figures.bodies)}.",
            "Pairs overlap: they rank, and are never added up.",
            f"{here}#pairs",
            "Pairs of bodies",
        ),
        Step(
            "When does it pay?",
            f"{findings.when(savings)}.",
            "Saving goes up, the one-off cost goes down, and the net is said in words.",
            f"{here}savings/#cases",
            "Three years in three cases",
        ),
        Step(
            "How sure is it?",
            findings.rests_on_lead(savings.rests_on) or "Every pound rests on a body’s own figures.",
            "Solid means a body’s own return, hatched means shared out by population. "
            "Words with a dotted line say what they mean when pressed.",
            f"{here}#footing",
            "What it rests on",
        ),
    ]
