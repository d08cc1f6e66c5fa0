"""Who asks the API, and about what."""

import pytest

from mapping.export import making  # noqa: F401 - as the worker, which tests stand in for
from pilots.models import Agency, ApiToken, Person, Place, Role

from .asking import Api


@pytest.fixture(autouse=True)
def no_limit(settings):
    """Tests ask more often than clients should."""
    settings.API_LIMITS = {"anonymous": 0, "person": 0}


@pytest.fixture
def anybody(db):
    """Somebody who has not signed in."""
    return Api()


@pytest.fixture
def kent(db):
    return Place.objects.get(slug="kent")


@pytest.fixture
def birmingham(db):
    return Place.objects.get(slug="birmingham")


@pytest.fixture
def dover(kent):
    """A district of Kent, the contributor's own body."""
    return Agency.objects.get(places=kent, name="Dover")


@pytest.fixture
def people(kent, dover):
    """Somebody of each role, by its words; lead and contributor in Kent."""
    roles = {
        "contributor": {"kind": Role.Kind.CONTRIBUTOR, "place": kent, "agency": dover},
        "place lead": {"kind": Role.Kind.PLACE_LEAD, "place": kent},
        "Leadership Centre": {"kind": Role.Kind.LEADERSHIP_CENTRE},
        "administrator": {"kind": Role.Kind.ADMINISTRATOR},
    }
    people = {}
    for words, role in roles.items():
        people[words] = Person.objects.create_user(words.replace(" ", "-").lower(), first_name=words.capitalize())
        Role.objects.create(person=people[words], **role)
    return people


def token_of(person: Person) -> str:
    return ApiToken.objects.create(user=person, name="test")[1]


@pytest.fixture
def lead(people):
    """The place lead of Kent, with a token."""
    return Api(token_of(people["place lead"]))


@pytest.fixture
def contributor(people):
    """The contributor of Dover, with a token."""
    return Api(token_of(people["contributor"]))


@pytest.fixture(params=["token", "session"])
def sign_in(request, people):
    """Signs somebody in by their role's words, either way."""

    def signed_in(words: str) -> Api:
        if words == "anonymous":
            return Api()
        person = people[words]
        return Api(token_of(person)) if request.param == "token" else Api(session_of=person)

    return signed_in


@pytest.fixture(autouse=True)
def exports_folder(settings, tmp_path):
    """Files of jobs go where the test may leave them."""
    settings.STORAGES = {
        **settings.STORAGES,
        "exports": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "exports"), "base_url": None},
        },
    }
    return tmp_path / "exports"
