"""A file that is sent: received in pieces, checked by the worker, shown, and written when somebody says so."""

import io

import openpyxl
import pytest
from django.utils import timezone

from pilots.models import History, Upload, UploadPiece
from pilots.permissions import NotAllowed
from pilots.spend.files import FileRefused
from pilots.spend.files.pieces import pieces_of
from pilots.spend.files.uploads import (
    CONTENT_KEPT,
    GIVEN_UP,
    UNHEARD,
    check_again,
    process_upload,
    receive_upload,
    same_content_before,
    sweep_uploads,
    write_upload,
)
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


def test_what_changed_since_it_was_shown_is_shown_again_and_not_written_over(register, recorded):
    upload = checked(register)
    add_line(register.version, {"agency": "E3", "service_line": "roads", "amount": "9"}, None, "page")
    write_upload(upload)
    process_upload(upload)
    upload.refresh_from_db()
    assert upload.state == Upload.State.CHECKED
    assert "Somebody changed the count" in upload.problem
    assert recorded() == {("E3", "roads"): 9}
    assert write_upload(upload)
    process_upload(upload)
    assert len(recorded()) == 3


def test_a_refused_file_is_checked_again_with_other_columns(register, recorded):
    upload = checked(register, GOOD.replace(b"amount", b"quids"))
    assert upload.state == Upload.State.REFUSED
    assert check_again(upload, mapping={"quids": "amount"})
    process_upload(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.rows) == (Upload.State.CHECKED, 2)


def test_columns_that_somebody_corrected_are_offered_to_the_place_again(register):
    content = GOOD.replace(b"amount", b"quids")
    checked(register, content, mapping={"quids": "amount"}, write_at_once=True)
    upload = checked(register, content.replace(b"5", b"7"))
    assert (upload.state, upload.mapping) == (Upload.State.CHECKED, {"quids": "amount"})
    assert "Columns are read as in count.csv" in " ".join(upload.report["notices"])


def test_a_refused_file_can_be_had_with_its_problems_marked(register):
    upload = checked(register, BAD)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(pieces_of(upload, UploadPiece.Part.MARKED))))
    marked = [cell for row in book["Spend"].iter_rows() for cell in row if cell.comment]
    assert [(cell.value, cell.row) for cell in marked] == [("nfp", 2)]
    assert '"nfp" is not an amount' in marked[0].comment.text
    assert book["What is wrong"]["E2"].value == "nfp"


def test_a_refused_workbook_keeps_its_looks_and_gains_the_marks(register):
    book = openpyxl.Workbook()
    book.active.title = "Count"
    for row in (["agency", "service_line", "amount", "other"], ["E1", "roads", "nfp", "=1+1"], ["E1", "older", 5, 1]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    upload = checked(register, file.getvalue())
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(pieces_of(upload, UploadPiece.Part.MARKED))))["Count"]
    assert sheet["D2"].value == "=1+1"
    assert (sheet["C2"].value, bool(sheet["C2"].comment), sheet["C3"].comment) == ("nfp", True, None)
    assert sheet["C2"].fill.fgColor.rgb.endswith("F6C9C6")


def test_an_upload_whose_message_was_lost_is_swept_up(register):
    upload = send(register)
    assert sweep_uploads() == []
    Upload.objects.filter(pk=upload.pk).update(asked_at=timezone.now() - UNHEARD)
    assert sweep_uploads() == [upload.pk]
    process_upload(upload)
    assert sweep_uploads() == []


def test_what_no_worker_finished_ends_in_words(register):
    upload = send(register)
    Upload.objects.filter(pk=upload.pk).update(asked_at=timezone.now() - GIVEN_UP)
    assert sweep_uploads() == []
    upload.refresh_from_db()
    assert (upload.state, upload.problem[:9]) == (Upload.State.FAILED, "No worker")


def test_what_nobody_wrote_is_forgotten_after_two_weeks(register):
    upload = checked(register)
    Upload.objects.filter(pk=upload.pk).update(asked_at=timezone.now() - CONTENT_KEPT)
    sweep_uploads()
    assert not upload.pieces.exists()
    assert not write_upload(upload)


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
