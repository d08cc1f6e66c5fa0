"""Jobs: what was accepted is finished, or ends in a problem that says what to do; only who asked for it sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pilots.jobs import run_job, sweep_jobs
from pilots.jobs import running as running_module
from pilots.jobs.running import ATTEMPTS, LOCKS
from pilots.models import Job

from .asking import Api
from .conftest import token_of

EXPORT = {"format": "parquet", "place": "kent", "year": "2010-11"}


def asked_for(api, body=EXPORT) -> Job:
    return Job.objects.get(key=api.post("exports/", body).data["id"])


def address(job: Job) -> str:
    return job.address.removeprefix("/api/v1/")


def test_what_is_accepted_says_where_to_look_and_when(lead):
    answer = lead.post("exports/", EXPORT)
    assert answer.status == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.data['id']}/"
    assert int(answer.headers["Retry-After"]) > 0
    assert (answer.data["state"], answer.data["result"], answer.data["file"]) == ("queued", None, None)
    looked = lead.get(answer.headers["Location"].removeprefix("/api/v1/"))
    assert looked.data == answer.data
    assert "Retry-After" in looked.headers


def test_a_finished_job_has_its_result_and_a_file_to_download_again_and_again(lead):
    job = asked_for(lead)
    run_job(job.pk)
    answer = lead.get(address(job))
    assert (answer.data["state"], answer.data["problem"]) == ("finished", None)
    assert answer.data["progress"]["done"] == answer.data["progress"]["total"] > 0
    assert "Retry-After" not in answer.headers
    for _ in range(2):
        file = lead.get(answer.data["file"].removeprefix("/api/v1/"))
        assert file.headers["Content-Disposition"] == 'attachment; filename="kent-2010-11.parquet.zip"'
        assert len(file.body) == answer.data["result"]["size"] == int(file.headers["Content-Length"])


def test_a_file_that_is_not_there_yet_is_refused_with_where_to_look(lead):
    job = asked_for(lead)
    refused = lead.get(f"{address(job)}file/")
    assert refused.status == 409
    assert job.address in refused.detail


def test_a_file_that_was_lost_is_said_to_be(lead, exports_folder):
    job = asked_for(lead)
    run_job(job.pk)
    for file in exports_folder.iterdir():
        file.unlink()
    lost = lead.get(f"{address(job)}file/")
    assert lost.status == 404
    assert "Ask for it again" in lost.detail


def test_what_has_not_begun_can_be_cancelled_and_then_nobody_does_it(lead):
    job = asked_for(lead)
    assert lead.delete(address(job)).status == 204
    assert lead.delete(address(job)).status == 204
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file) == ("cancelled", "")
    gone = lead.get(address(job))
    assert gone.status == 404
    assert "This job was cancelled" in gone.detail


def test_what_has_ended_cannot_be_cancelled(lead):
    job = asked_for(lead)
    run_job(job.pk)
    refused = lead.delete(address(job))
    assert refused.status == 409
    assert "the job is finished" in refused.detail.lower()


def test_a_job_is_done_once_however_often_the_message_comes(lead):
    job = asked_for(lead)
    run_job(job.pk)
    first = lead.get(address(job)).data
    run_job(job.pk)
    assert lead.get(address(job)).data == first


def test_a_job_that_breaks_off_is_tried_again_and_then_ends_in_a_problem(lead, monkeypatch):
    def breaks(job, tell):
        raise ZeroDivisionError("no reason that a client could know")

    job = asked_for(lead)
    monkeypatch.setitem(running_module.RUNNERS, "export", breaks)
    states = []
    for _ in range(ATTEMPTS):
        run_job(job.pk)
        states.append(lead.get(address(job)).data["state"])
    assert states == ["queued"] * (ATTEMPTS - 1) + ["failed"]
    problem = lead.get(address(job)).data["problem"]
    assert problem["type"].endswith("#job-failed")
    assert (problem["instance"], len(problem["request_id"])) == (job.address, 32)
    assert "no reason" not in str(problem)


def test_a_job_whose_worker_died_is_found_by_the_sweep_and_ends(lead):
    job = asked_for(lead)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=ATTEMPTS, created_at=timezone.now() - timedelta(1))
    assert job.pk in sweep_jobs()
    run_job(job.pk)
    assert lead.get(address(job)).data["state"] == "failed"


def test_a_job_that_somebody_is_doing_is_left_to_them(lead):
    job = asked_for(lead)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(1))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCKS + job.pk])
        assert job.pk not in sweep_jobs()
        run_job(job.pk)
        assert lead.get(address(job)).data["state"] == "queued"
    finally:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        other.close()
    assert job.pk in sweep_jobs()


def test_jobs_and_their_files_go_after_thirty_days(lead, exports_folder):
    job = asked_for(lead)
    run_job(job.pk)
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=29))
    sweep_jobs()
    assert list(exports_folder.iterdir())
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=31))
    sweep_jobs()
    assert not list(exports_folder.iterdir())
    assert lead.get(address(job)).status == 404


ROLES = ("anonymous", "contributor", "place lead", "Leadership Centre", "administrator")


@pytest.mark.parametrize(
    ("asker", "statuses"),
    [
        # Whoever has the address of a job that nobody signed in for may see it.
        ("anonymous", [200, 200, 200, 200, 200]),
        ("place lead", [401, 403, 200, 403, 403]),
    ],
)
def test_an_export_is_seen_by_who_asked_for_it(people, asker, statuses):
    as_role = {role: Api() if role == "anonymous" else Api(token_of(people[role])) for role in ROLES}
    job = asked_for(as_role[asker])
    assert [as_role[role].get(address(job)).status for role in ROLES] == statuses
    cancels = [as_role[role].delete(address(job)).status for role in ROLES if role != asker]
    assert set(cancels) <= {401, 403}
    assert as_role[asker].delete(address(job)).status == 204
