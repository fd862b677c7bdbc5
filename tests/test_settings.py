"""Where things are kept on this machine."""

from __future__ import annotations

import pytest

from plotly_nbext import PlotlyNbextError, settings


def test_the_state_folder_is_the_user_s_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "deep" / "state"))
    assert settings.home().stat().st_mode & 0o777 == 0o700


def test_a_state_folder_that_cannot_be_made_says_how_to_name_another(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "file" / "state"))
    with pytest.raises(PlotlyNbextError, match="PLOTLY_NBEXT_HOME"):
        settings.home()
