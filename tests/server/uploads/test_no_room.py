"""Uploads that the disk has no room for, which is no fault of theirs."""

from __future__ import annotations

import errno

import pytest

from plotly_nbext.server.metrics import Metrics
from plotly_nbext.server.uploads.parse import Parser
from plotly_nbext.server.uploads.spool import BODY, OUTCOME, SPOOL, Job


@pytest.mark.parametrize("full", [SPOOL, OUTCOME])
async def test_a_file_is_not_said_to_be_damaged_when_the_disk_has_no_room_for_it(full, tmp_path):
    (tmp_path / BODY).write_text("n,text\n" + "1,some text\n" * 10_000)
    (tmp_path / full).symlink_to("/dev/full")
    with pytest.raises(OSError) as raised:
        await Parser(Metrics()).parse(tmp_path, Job("sheet.csv", 1_000))
    assert raised.value.errno == errno.ENOSPC
