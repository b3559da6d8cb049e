import pytest

from countylines.worker import main


@pytest.mark.parametrize(("names", "what"), [([], "without a name"), (["mail", "jobs"], "'mail'")])
def test_a_worker_that_does_not_exist_is_refused(names, what, capsys):
    assert main(names) == 2
    expected = f"There is no worker {what}. Choose from: jobs, emails.\n"
    assert capsys.readouterr().err == expected
