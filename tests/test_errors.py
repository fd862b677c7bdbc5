"""What an error says, wherever it is shown."""

from __future__ import annotations

import copy
import pickle

import pytest

from plotly_nbext.client.refusals import is_taken
from plotly_nbext.errors import (
    ApiError,
    BrowserNotFound,
    NotFoundError,
    PlotlyNbextError,
    ValidationError,
    api_error,
)


def test_the_hint_is_a_line_of_its_own():
    assert str(PlotlyNbextError("It failed.", hint="Try again.")) == "It failed.\nTry again."


@pytest.mark.parametrize(
    ("message", "field", "shown"),
    [
        ("It is too long.", "filename", "It is too long. (field: filename)"),
        ("The filename is too long.", "filename", "The filename is too long."),
        ("data[0].xsrc names no grid.", "figure.data[0].xsrc", "data[0].xsrc names no grid."),
        ("It has no column 'it\\'s'.", "it's", "It has no column 'it\\'s'. (field: it's)"),
        ("It has no column 'a\\nb'.", "a\nb", "It has no column 'a\\nb'."),
        ("It failed.", None, "It failed."),
        ("It failed.", "", "It failed."),
    ],
)
def test_the_field_is_told_once(message, field, shown):
    assert str(ApiError(message, field=field, status_code=400)) == shown


def test_what_was_never_sent_names_no_field_of_a_request():
    assert str(ApiError("No server is named 'team'.", field="url")) == "No server is named 'team'."


@pytest.mark.parametrize(
    "error",
    [
        api_error(404, "Not found.", field="fid", request_id="42", hint="Look."),
        BrowserNotFound(),
        PlotlyNbextError("It failed.", hint="Try again."),
    ],
)
def test_an_error_of_another_process_says_the_same(error):
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


def test_it_is_short_while_it_is_handled_and_whole_afterwards(monkeypatch):
    # which other tests of this process may have made
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: None)
    with pytest.raises(NotFoundError) as raised:
        show_while_handled(shown := [])
    assert shown == ["NotFoundError: There is no grid."]
    afterwards = "".join(raised.value._render_traceback_())
    assert afterwards.startswith("Traceback (most recent call last)")
    assert afterwards.endswith("NotFoundError: There is no grid.\n")


def show_while_handled(shown: list[str]) -> None:
    try:
        fail()
    except NotFoundError as error:
        shown += error._render_traceback_()
        raise


def fail() -> None:
    raise NotFoundError("There is no grid.")


def test_a_name_that_is_taken_is_told_from_another_refusal():
    assert is_taken(ValidationError("Sorry, a file named 'sales' already exists"))
    assert not is_taken(ValidationError("The filename 'sales/' has a '/'."))
