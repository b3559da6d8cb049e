"""A file cannot take more than its share, whatever it does to its reader."""

import pytest

from recommendations.evidence import isolation
from recommendations.evidence.file_types import UnacceptableFile
from tests.recommendations.evidence import greedy


def run(function) -> bytes:
    return isolation.run_isolated(f"{greedy.__name__}:{function.__name__}", b"words", name="a.pdf")


def test_a_reader_gets_the_file_and_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    result = run(greedy.environment)
    assert result.startswith(b"a.pdf: words [")
    assert b"SECRET_KEY" not in result


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (greedy.refuse, "is a refusal"),
        (greedy.fill_memory, "needs too much memory to read"),
        (greedy.fill_the_disk, "cannot be read"),
        (greedy.crash, "cannot be read"),
    ],
)
def test_a_failure_is_explained(function, message):
    with pytest.raises(UnacceptableFile, match=f"“a.pdf” .*{message}"):
        run(function)


@pytest.mark.parametrize(
    ("function", "limit"), [(greedy.compute, "MAX_CPU_SECONDS"), (greedy.sleep, "MAX_SECONDS")]
)
def test_a_reader_that_takes_too_long_is_stopped(function, limit, monkeypatch):
    monkeypatch.setattr(isolation, limit, 1)
    with pytest.raises(UnacceptableFile, match=r"“a\.pdf” took longer than .* seconds to read"):
        run(function)
