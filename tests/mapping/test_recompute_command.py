"""manage.py recompute: asks for maps, waits for them, or makes them here."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mapping.freshness import stale_versions
from mapping.models import CurrentAssumptionSet, CurrentMap

from .examples import add_to_a_line, working_version

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("recompute", *arguments, stdout=output)
    return output.getvalue()


def test_with_everything_fresh_it_says_so() -> None:
    assert run("--here") == "Maps: all fresh.\n"


def test_it_makes_maps_here_and_says_how_far_it_is() -> None:
    CurrentMap.objects.all().delete()
    said = run("--here")
    assert said.splitlines()[-1] == f"Maps: [{'#' * 30}] 93 of 93"
    assert not stale_versions().exists()


def test_it_makes_the_maps_of_one_place_alone() -> None:
    kent, leicester = working_version("kent"), working_version("leicester-leicestershire")
    for version in (kent, leicester):
        add_to_a_line(version, 100)
    run("--here", "--place", "kent")
    assert set(stale_versions()) == {leicester}


def test_a_map_that_cannot_be_made_is_named_with_the_reason_when_the_others_are_made() -> None:
    kent, leicester = working_version("kent"), working_version("leicester-leicestershire")
    add_to_a_line(leicester, 100)
    kent.lines.update(amount=Decimal("99999999999999.99"))
    with pytest.raises(CommandError, match=r"Kent 2010-11: the map cannot be made\. Its amounts together are more"):
        run("--here")
    assert set(stale_versions()) == {kent}


def test_an_unknown_place_is_refused_with_names_that_are_near() -> None:
    with pytest.raises(CommandError, match=r'There is no place "knt"\. Did you mean kent') as refused:
        run("--here", "--place", "knt", "kent")
    assert '"kent"' not in str(refused.value)


def test_without_an_assumption_set_it_says_what_to_do() -> None:
    CurrentAssumptionSet.objects.all().delete()
    assert "Run manage.py load_assumptions first" in run("--here")
