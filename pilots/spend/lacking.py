"""What a count lacks: whole kinds of body that serve the place and have no line in it."""

from pilots.models import Agency, Version
from pilots.register.standing import BY_POPULATION, kinds_of_national_body


def kinds_without_lines(version: Version) -> list[str]:
    """The kinds of body of a version's place that it has no line of: county council, NHS, benefits.

    Bodies that do not exist in the year are not expected.
    """
    year, place = version.count.year.label, version.count.place
    serving = place.agencies.select_related("type").filter(retired_on=None)
    expected = [body for body in serving if (body.first_year or year) <= year <= (body.last_year or year)]
    with_lines = Agency.objects.filter(pk__in=version.lines.values("agency")).select_related("type")
    named = kinds_of_national_body(
        {body.code: body for body in (*expected, *with_lines) if body.apportioned_by == BY_POPULATION}
    )
    present = {named.get(body.code, body.type.code) for body in with_lines}
    kinds = dict.fromkeys(named.get(body.code, body.type.code) for body in sorted(expected, key=lambda one: one.code))
    return [kind for kind in kinds if kind not in present]
