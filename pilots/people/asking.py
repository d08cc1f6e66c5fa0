"""Whom to ask about a place's published figures, and asking them."""

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from redis.exceptions import RedisError

from pilots.acting import acting
from pilots.models import Person, Place, Question
from pilots.permissions import Action, Anyone, reach, require

from .keeping import leadership_centre, leads_by_place, leads_of, name_of
from .links import try_to_send, whole_address

log = logging.getLogger(__name__)

WINDOW = 600
PER_ASKER, PER_PLACE = 5, 60


class TooManyQuestions(Exception):
    """Somebody asks faster than anybody can answer; the message says what to do."""


class AnsweredAlready(Exception):
    """Somebody else answered first; the message says who. What was written now is not kept."""


@dataclass(frozen=True)
class Contact:
    """Whom to ask: names of the leads, or the Leadership Centre; and where."""

    names: tuple[str, ...]
    address: str


def contact_of(place: Place) -> Contact:
    """The place's leads, or the Leadership Centre where it has none."""
    return contacts_of([place])[place.pk]


def contacts_of(places: Collection[Place]) -> dict[int, Contact]:
    """Whom to ask about each of some places, by its id."""
    leads = leads_by_place(places)
    named = {place.pk: tuple(name_of(person) for person in leads[place.pk]) for place in places}
    return {
        place.pk: Contact(named[place.pk] or ("the Leadership Centre",), asking_page(place.slug)) for place in places
    }


def asking_page(slug: str) -> str:
    """The path of the page that takes a question to who answers for a place's figures."""
    return f"/places/{slug}/ask/"


def ask(place: Place, text: str, page: str, person: Anyone, email: str, address: str, via: str = "page") -> Question:
    """Keeps a question about a place's figures for its lead. `address` is where the asker's request came from.

    Raises TooManyQuestions.
    """
    asker = person if isinstance(person, Person) else None
    who = f"person {asker.pk}" if asker else f"address {address}"
    if _too_many(who, PER_ASKER) or _too_many(f"place {place.pk}", PER_PLACE):
        raise TooManyQuestions("Many questions were asked in the last minutes. Wait ten minutes, then send yours.")
    with acting(asker, via):
        return Question.objects.create(place=place, text=text.strip(), page=page[:300], person=asker, email=email)


def may_answer(person: Anyone) -> bool:
    """Whether somebody answers for any place's figures."""
    reached = reach(person, Action.UPDATE_PROGRESS)
    return reached.everywhere or bool(reached.places)


def open_questions(person: Anyone) -> QuerySet[Question]:
    """The questions that wait for an answer of those whom somebody may answer, the longest wait first."""
    reached = reach(person, Action.UPDATE_PROGRESS)
    waiting = Question.objects.filter(answered_at=None).select_related("place", "person").order_by("at", "pk")
    return waiting if reached.everywhere else waiting.filter(place__in=reached.places)


def mail_question(question: Question) -> None:
    """Mails a question to who answers for the place, where mail leaves; it stands on the pages in any case."""
    place = question.place
    about = f"\nIt is about {whole_address(question.page)}\n" if question.page else ""
    where = whole_address(f"/places/{place.slug}/progress/#questions")
    text = f"Somebody asks about the figures of {place.name}:\n\n{question.text}\n{about}\nAnswer it at {where}\n"
    for person in leads_of(place) or leadership_centre():
        try_to_send(person.email, f"A question about the figures of {place.name}", text)


def mail_answer(question: Question) -> None:
    """Mails an answer to whoever asked and left an address, where mail leaves."""
    to = question.email or (question.person.email if question.person else "")
    text = f"You asked about the figures of {question.place.name}:\n\n{question.text}\n\n{question.answer}\n"
    try_to_send(to, f"Your question about the figures of {question.place.name}", text)


def answer_question(question: Question, answer: str, by: Person, via: str = "page") -> Question:
    """Keeps an answer. Raises NotAllowed, AnsweredAlready, and ValueError where nothing is said."""
    require(by, Action.UPDATE_PROGRESS, question.place)
    if not answer.strip():
        raise ValueError("Write the answer first.")
    with acting(by, via):
        # Whoever answers at this moment waits here, and then finds it answered.
        locked = Question.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=question.pk)
        if locked.answered_at is not None:
            raise AnsweredAlready(f"{name_of(locked.answered_by)} answered this first. Your text was not kept.")
        question.answer, question.answered_at, question.answered_by = answer.strip(), timezone.now(), by
        question.save(update_fields=["answer", "answered_at", "answered_by"])
    return question


def _too_many(who: str, limit: int) -> bool:
    """Counts one more in the window. Without the cache nothing is counted, and questions are taken."""
    key = f"asked:{hashlib.sha256(who.encode()).hexdigest()}"
    try:
        cache.add(key, 0, WINDOW)
        return cache.incr(key) > limit
    except (RedisError, OSError, ValueError):
        log.warning("A question could not be counted: the cache cannot be reached.")
        return False
