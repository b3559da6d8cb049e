"""Evidence storage works the same on a disk and in an S3-compatible service."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from countylines.environment import evidence_storage
from forces.outages import is_outage
from recommendations.evidence import storage
from tests.recommendations.evidence.files import PDF

STATE = Path("/srv/state")
TODAY = date(2026, 11, 25)


@pytest.fixture(params=["disk", "s3"])
def storage_kind(request, settings, tmp_path):
    if request.param == "disk":
        url = f"file://{tmp_path}/evidence"
        settings.STORAGES = settings.STORAGES | {"evidence": evidence_storage(url, state=STATE)}
        yield
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="key",
        aws_secret_access_key="sec/ret",
        region_name="us-east-1",
    ).create_bucket(Bucket="evidence")
    url = f"s3://key:sec%2Fret@{host}:{port}/evidence?region=us-east-1&tls=off"
    settings.STORAGES = settings.STORAGES | {"evidence": evidence_storage(url, state=STATE)}
    yield
    server.stop()


def test_a_file_is_stored_opened_listed_binned_and_brought_back(storage_kind, tmp_path):
    source = tmp_path / "plan.pdf"
    source.write_bytes(PDF)
    key, other = uuid4(), uuid4()
    for name in (key, other):
        with source.open("rb") as file:
            storage.save_file(file, key=name)
    assert set(storage.stored_keys()) == {key, other}
    assert storage.stored_at(key) < datetime(2100, 1, 1, tzinfo=UTC)
    storage.move_to_bin([key, uuid4()], on=TODAY)
    assert set(storage.stored_keys()) == {other}
    assert list(storage.files_in_bin()) == [storage.BinnedFile(key, TODAY)]
    with storage.open_file(key) as stored:
        assert stored.read() == PDF
    assert list(storage.files_in_bin()) == []
    storage.move_to_bin([key], on=TODAY)
    storage.delete_from_bin(storage.BinnedFile(key, TODAY))
    with pytest.raises(FileNotFoundError):
        storage.open_file(key)


def test_a_bucket_that_does_not_respond_is_an_outage(settings):
    url = "s3://key:secret@127.0.0.1:1/evidence?region=us-east-1&tls=off"
    settings.STORAGES = settings.STORAGES | {"evidence": evidence_storage(url, state=STATE)}
    with pytest.raises(Exception) as error:  # noqa: PT011 (the errors of botocore)
        storage.open_file(uuid4())
    assert is_outage(error.value)
    assert not is_outage(ValueError())


@pytest.mark.parametrize("url", ["s3://key:secret@host", "s3:///a/b", "ftp://host/x", "evidence"])
def test_an_invalid_storage_address_stops_the_start(url):
    with pytest.raises(ValueError, match="must be file:///folder or s3:"):
        evidence_storage(url, state=STATE)


def test_without_an_address_files_are_in_the_state_folder_and_private():
    options = evidence_storage("", state=STATE)
    assert options["OPTIONS"] == {"location": "/srv/state/evidence", "file_permissions_mode": 0o600}
