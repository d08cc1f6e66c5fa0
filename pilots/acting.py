"""Who changes things and through what, for the history that the database keeps."""

from django.db import connection


def act(via: str, person_id: int | None = None) -> None:
    """Names the person (none for a command) and the way for the rest of this transaction.

    Without a transaction it holds for nothing: call it inside `transaction.atomic`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('totalplace.actor', %s, true), set_config('totalplace.via', %s, true)",
            ["" if person_id is None else str(person_id), via],
        )
