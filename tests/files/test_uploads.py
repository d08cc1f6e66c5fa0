"""A file that is sent: received in pieces, checked by the worker, shown, and written when somebody says so."""

import pytest

from pilots.models import History, Upload, UploadPiece
from pilots.permissions import NotAllowed
from pilots.spend.files import FileRefused
from pilots.spend.files.uploads import process_upload, receive_upload, same_content_before, write_upload
from pilots.spend.write import add_line
from pilots.tasks import import_file

GOOD = b"agency,service_line,amount\nE1,roads,5\nE2,roads,6\n"
BAD = b"agency,service_line,amount\nE1,roads,nfp\n"


def send(register, content=GOOD, person=None, **choices):
    pieces = [content[start : start + 7] for start in range(0, len(content), 7)]
    return receive_upload(register.version, "count.csv", pieces, person, "page", **choices)


def checked(register, content=GOOD, **choices):
    upload = send(register, content, **choices)
    import_file(upload.pk)
    upload.refresh_from_db()
    return upload


def test_a_good_file_is_checked_and_waits(register, lead, recorded):
    upload = checked(register, person=lead)
    assert (upload.state, upload.rows, upload.size) == (Upload.State.CHECKED, 2, len(GOOD))
    assert upload.report["differences"][0]["lines"]["added"] == 2
    assert recorded() == {}


def test_it_is_written_when_somebody_says_so_and_put_down_to_the_sender(register, lead, recorded):
    upload = checked(register, person=lead)
    assert write_upload(upload)
    process_upload(upload)
    upload.refresh_from_db()
    assert upload.state == Upload.State.DONE
    assert recorded() == {("E1", "roads"): 5, ("E2", "roads"): 6}
    assert History.objects.filter(table_name="pilots_spendline").latest("id").actor_id == lead.pk
    assert not UploadPiece.objects.filter(upload=upload).exists()


def test_a_message_that_comes_twice_writes_once(register, recorded):
    upload = checked(register, write_at_once=True)
    before = History.objects.count()
    import_file(upload.pk)
    assert History.objects.count() == before
    assert len(recorded()) == 2


def test_a_bad_file_is_refused_with_its_problems(register, recorded):
    upload = checked(register, BAD, write_at_once=True)
    (problem,) = upload.report["problems"]
    assert upload.state == Upload.State.REFUSED
    assert (problem["row"], problem["column"], problem["found"]) == (2, "C", "nfp")
    assert recorded() == {}


def test_what_changed_since_it_was_shown_is_not_written_over(register, recorded):
    upload = checked(register)
    add_line(register.version, {"agency": "E3", "service_line": "roads", "amount": "9"}, None, "page")
    write_upload(upload)
    process_upload(upload)
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    assert "Somebody changed the count" in upload.problem
    assert recorded() == {("E3", "roads"): 9}


def test_the_same_content_again_is_noticed(register):
    first = checked(register, write_at_once=True)
    second = checked(register)
    assert same_content_before(second) == first
    assert same_content_before(first) is None


def test_who_may_change_nothing_of_the_count_sends_nothing(register, django_user_model):
    with pytest.raises(NotAllowed):
        send(register, person=django_user_model.objects.create(username="stranger"))
    assert not Upload.objects.exists()


def test_a_file_above_the_limit_is_refused_while_it_comes_in(register):
    with pytest.raises(FileRefused, match="40 MB"):
        receive_upload(register.version, "count.csv", (b"x" * 1_000_000 for _ in range(60)), None, "page")
    assert not UploadPiece.objects.exists()


def test_columns_chosen_by_hand_are_used(register, recorded):
    content = GOOD.replace(b"amount", b"quids")
    upload = checked(register, content, mapping={"quids": "amount"}, write_at_once=True)
    assert upload.state == Upload.State.DONE
    assert len(recorded()) == 2
