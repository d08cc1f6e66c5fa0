"""The permission table, row by column, by own and other place and body."""

import pytest
from django.contrib.auth.models import AnonymousUser

from pilots.models import Agency, Person, Place, Role
from pilots.permissions import Action, NotAllowed, allows, require

pytestmark = pytest.mark.django_db

# What is asked about: a body of the person's own, another body of the same place, the whole of it, a body of a
# place that is not the person's, the whole of that place, or everything.
WHERE = ("own body", "body beside it", "own place", "other body", "other place", "everywhere")

NO, YES = "no no no no no no", "yes yes yes yes yes yes"
OWN_BODY = "yes no no no no no"
OWN_PLACE = "yes yes yes no no no"

COLUMNS = ("anonymous", "contributor", "place lead", "Leadership Centre", "administrator")
TABLE = {
    Action.READ_PUBLISHED: (YES, YES, YES, YES, YES),
    Action.READ_WORKING: (NO, OWN_BODY, OWN_PLACE, YES, YES),
    Action.EDIT_SPEND: (NO, OWN_BODY, OWN_PLACE, NO, NO),
    Action.SUBMIT: (NO, NO, OWN_PLACE, NO, NO),
    Action.RETURN: (NO, NO, NO, YES, NO),
    Action.APPROVE: (NO, NO, NO, YES, NO),
    Action.PUBLISH: (NO, NO, NO, YES, NO),
    Action.EDIT_REGISTER: (NO, NO, NO, YES, YES),
    Action.INVITE_CONTRIBUTOR: (NO, NO, OWN_PLACE, NO, YES),
    Action.INVITE_LEAD: (NO, NO, NO, YES, YES),
    Action.INVITE_STAFF: (NO, NO, NO, NO, YES),
    Action.CHANGE_ASSUMPTIONS: (NO, NO, NO, NO, YES),
    Action.CHANGE_SETTINGS: (NO, NO, NO, NO, YES),
    Action.UPDATE_PROGRESS: (NO, NO, OWN_PLACE, YES, NO),
    Action.JUDGE_PROGRESS: (NO, NO, NO, YES, NO),
    Action.RECORD_QUALITY: (NO, NO, OWN_PLACE, NO, NO),
}

CELLS = [
    pytest.param(action, column, where, said == "yes", id=f"{column} {action.name.lower()} {where}: {said}")
    for action, cells in TABLE.items()
    for column, cell in zip(COLUMNS, cells, strict=True)
    for where, said in zip(WHERE, cell.split(), strict=True)
]


@pytest.fixture
def places(db):
    """Where it is asked about, by the words of WHERE: (place, body)."""
    kent, birmingham = Place.objects.get(slug="kent"), Place.objects.get(slug="birmingham")
    own, beside = Agency.objects.filter(places=kent, type__code="district council").order_by("code")[:2]
    other = Agency.objects.get(code="E4601")
    return {
        "own body": (kent, own),
        "body beside it": (kent, beside),
        "own place": (kent, None),
        "other body": (birmingham, other),
        "other place": (birmingham, None),
        "everywhere": (None, None),
    }


@pytest.fixture
def people(places):
    """Somebody of each column."""
    kent, own = places["own body"]
    roles = {
        "contributor": {"kind": Role.Kind.CONTRIBUTOR, "place": kent, "agency": own},
        "place lead": {"kind": Role.Kind.PLACE_LEAD, "place": kent},
        "Leadership Centre": {"kind": Role.Kind.LEADERSHIP_CENTRE},
        "administrator": {"kind": Role.Kind.ADMINISTRATOR},
    }
    people = {column: Person.objects.create_user(column.replace(" ", "-")) for column in roles}
    for column, role in roles.items():
        Role.objects.create(person=people[column], **role)
    return {"anonymous": AnonymousUser(), **people}


def test_the_table_has_every_action():
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize(("action", "column", "where", "granted"), CELLS)
def test_cell(people, places, action, column, where, granted):
    place, body = places[where]
    assert allows(people[column], action, place, body) is granted
    if granted:
        require(people[column], action, place, body)
    else:
        with pytest.raises(NotAllowed, match=f"You may not {action.value}"):
            require(people[column], action, place, body)


def test_published_counts_are_for_those_who_sign_in_where_a_setting_says_so(people, places, settings):
    settings.PUBLIC_READING = False
    assert not allows(people["anonymous"], Action.READ_PUBLISHED)
    assert all(allows(people[column], Action.READ_PUBLISHED) for column in COLUMNS[1:])


@pytest.mark.parametrize("column", COLUMNS[1:])
def test_an_inactive_person_may_do_what_anybody_may(people, places, column):
    person = people[column]
    person.is_active = False
    granted = {action for action in Action if allows(person, action, *places["own body"])}
    assert granted == {Action.READ_PUBLISHED}


def test_roles_in_several_places_add_up(people, places):
    lead, (other, _) = people["place lead"], places["other place"]
    Role.objects.create(person=lead, kind=Role.Kind.PLACE_LEAD, place=other)
    assert allows(lead, Action.SUBMIT, places["own place"][0])
    assert allows(lead, Action.SUBMIT, other)
    assert not allows(lead, Action.SUBMIT)


def test_a_contributor_contributes_for_the_body_that_followed_theirs(people, places):
    kent, own = places["own body"]
    own.successor = places["body beside it"][1]
    own.save()
    assert allows(people["contributor"], Action.EDIT_SPEND, kent, own.successor)
