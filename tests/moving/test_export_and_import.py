"""All files of a user, to a folder, to another server, and to a folder again."""

from __future__ import annotations

import json
import secrets
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.errors import PlotlyNbextError, ValidationError
from plotly_nbext.moving import export_to, import_from

from .conftest import run

if TYPE_CHECKING:
    from plotly_nbext.client import Client

SALES = pd.DataFrame(
    {
        "month": pd.date_range("2026-01-01", periods=3, unit="s"),
        "total": np.array([1.5, np.nan, np.inf]),
        "open": pd.array([True, None, False], dtype="boolean"),
        "store": pd.Categorical(["b", "a", None], categories=["b", "a", "c"], ordered=True),
        "odd": ["", None, {"a": [1, "ü\n"]}],
    },
    index=pd.Index([10, 20, 30], name="row"),
)


def content_of(folder: Path) -> dict[str, Any]:
    """Say what an export holds, without what another server calls it."""
    manifest = json.loads((folder / "manifest.json").read_text())
    by_uid = {
        f"{entry['fid']}:{column['uid']}": f"{'/'.join(entry['path'])}|{column['name']}"
        for entry in manifest["files"]
        for column in entry.get("columns", [])
    }

    def named(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: value if key == "meta" else named(value) for key, value in node.items()}
        if isinstance(node, list):
            return [named(value) for value in node]
        if isinstance(node, str) and node.count(":") == 2:
            fid, _, uids = node.rpartition(":")
            return [by_uid.get(f"{fid}:{uid}", node) for uid in uids.split(",")]
        return node

    found = {}
    for entry in manifest["files"]:
        stored = folder / entry["stored"]["file"]
        content: Any = entry["stored"]["sha256"]
        if entry["filetype"] == "plot":
            content = named(json.loads(stored.read_text()))
        facts = {key: entry.get(key) for key in ("filetype", "world_readable", "metadata")}
        columns = [
            (column["name"], column["length"], column.get("is_text"))
            for column in entry.get("columns", [])
        ]
        found["/".join(entry["path"])] = (facts, columns, content, entry["stored"]["file"])
    return found


def fill(client: Client) -> None:
    """Make files of all types, some of them shared, some empty."""
    sales = client.push(SALES, "sales/2026", metadata={"unit": "kg"}, world_readable=True)
    client.push(pd.DataFrame({"a": []}), "sales/no rows")
    client.push(pd.DataFrame(index=range(2)), "sales/no columns", index=False)
    client.make_folder("an empty/folder").set_metadata({"kept": [1, None]})
    client.folder("sales").publish()
    columns = f"{sales['total'].src},{sales['store'].uid}"
    figure = {
        "data": [{"xsrc": sales["month"].src, "ysrc": sales["total"].src, "type": "bar"}],
        "layout": {"title": {"text": "größer"}, "meta": {"xsrc": sales["month"].src}},
    }
    client.push_plot(figure, "sales/chart").set_metadata({"by": "alice"})
    client.push_plot({"data": [{"zsrc": columns, "type": "heatmap"}]}, "map", world_readable=True)


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_what_comes_out_of_another_server_is_what_went_in(client, target, tmp_path, format_):
    fill(client)
    report = export_to(tmp_path / "first", client, format=format_)
    assert report.is_complete
    imported = import_from(tmp_path / "first", target)
    assert imported.is_complete
    assert len(imported.done) == len(report.done) == 8
    export_to(tmp_path / "second", target, format=format_)
    assert content_of(tmp_path / "second") == content_of(tmp_path / "first")

    frame = target.pull("sales/2026")
    pd.testing.assert_frame_equal(frame, SALES)
    assert target.grid("sales/2026").metadata == {"unit": "kg"}
    assert target.grid("sales/2026").world_readable
    assert not target.plot("sales/chart").world_readable
    assert target.folder("an empty/folder").metadata == {"kept": [1, None]}
    figure = target.plot("sales/chart").figure()
    assert figure["data"][0]["xsrc"] == target.grid("sales/2026")["month"].src
    assert figure["data"][0]["y"] == [1.5, None, None]
    # what users put there is theirs
    assert figure["layout"]["meta"]["xsrc"] == client.grid("sales/2026")["month"].src
    assert target.plot("map").references == [target.grid("sales/2026").fid]


def test_the_folder_is_a_tree_that_other_programs_read(client, tmp_path):
    client.push(pd.DataFrame({"month": ["jan", "feb"], "total": [5, 6]}), "sales/2026")
    export_to(tmp_path / "a", client)
    export_to(tmp_path / "b", client, format="csv")
    expected = client.pull("sales/2026")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a/sales/2026.parquet"), expected)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "b/sales/2026.csv"), expected)
    manifest = json.loads((tmp_path / "a/manifest.json").read_text())
    assert manifest["counts"] == {"fold": 1, "grid": 1}
    assert manifest["username"] == client.username


NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/"), min_size=1, max_size=100
).filter(lambda name: name.strip() and name not in {".", ".."})
VALUES = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=2),
    st.lists(st.floats(), min_size=2, max_size=2),
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2),
    st.lists(st.one_of(st.none(), st.booleans(), st.text("a\"',\n\r;")), min_size=2, max_size=2),
    st.just(pd.to_datetime(["2026-03-29T02:30", None], utc=True).tz_convert("Europe/Berlin")),
)


def _is_column(name: str) -> bool:
    return all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in name)


@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    names=st.lists(NAMES, min_size=1, max_size=3, unique=True),
    columns=st.dictionaries(NAMES.filter(_is_column), VALUES, max_size=4),
    format_=st.sampled_from(["parquet", "csv"]),
)
def test_any_frame_by_any_name_is_the_same_afterwards(server, new_client, names, columns, format_):
    user = f"any-{secrets.token_hex(4)}"
    client, target = server.client(user, server.add_user(user)), new_client()
    frame = pd.DataFrame(columns)
    for name in names:
        client.push(frame, f"a folder/{name}")
    with TemporaryDirectory() as folder:
        report = export_to(Path(folder), client, format=format_)
        assert report.failed == {}
        assert len(report.done) == len(names) + 1
        assert import_from(Path(folder), target).failed == {}
    there = {file.name: file for file in target.list("a folder")}
    assert there.keys() == set(names)
    for file in there.values():
        pd.testing.assert_frame_equal(file.to_frame(), client.pull(f"a folder/{names[0]}"))


def test_exporting_again_reads_what_has_changed_and_forgets_what_is_gone(client, tmp_path):
    fill(client)
    first = export_to(tmp_path, client)
    client.grid("sales/2026").append(SALES)
    client.plot("map").rename("chart of the month")
    client.grid("sales/no rows").trash()
    again = export_to(tmp_path, client)
    assert sorted(again.done) == ["chart of the month", "sales/2026"]
    assert len(again.same) == len(first.done) - 3
    assert again.remarks == {"trash": "1 in the trash left out; restore() takes a file back."}
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert "chart of the month.json" in names
    assert not {"map.json", "sales/no rows.parquet"} & names
    assert len(pd.read_parquet(tmp_path / "sales/2026.parquet")) == 6


def test_names_that_look_like_our_own_are_names(client, target, tmp_path):
    names = ["a.csv", "manifest.json", "x.unfinished", ".unfinished-x", "manifest.unfinished.jsonl"]
    for name in names:
        client.push(SALES, name)
    client.make_folder("manifest.json.d/manifest.json")
    export_to(tmp_path, client)
    assert export_to(tmp_path, client).done == []
    assert import_from(tmp_path, target).is_complete
    for name in names:
        pd.testing.assert_frame_equal(target.pull(name), SALES)


def test_a_folder_of_other_things_is_not_touched(client, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(PlotlyNbextError, match="something else than an export"):
        export_to(tmp_path, client)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_export_of_another_user_is_not_written_over(client, target, tmp_path):
    client.push(SALES, "sales")
    export_to(tmp_path, client)
    with pytest.raises(PlotlyNbextError, match="export of 'user-"):
        export_to(tmp_path, target)
    assert import_from(tmp_path, target).is_complete


def test_no_key_is_in_an_export(client, target, tmp_path, signed_in):
    signed_in(client)
    plot = client.push_plot({"data": [{"y": [1]}]}, "shared")
    share_key = plot.share().rpartition("=")[2]
    assert len(share_key) > 8
    done = run("export", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.json"))
    report = import_from(tmp_path / "out", target)
    assert "without its share link" in report.remarks["shared"]
    for secret in (client._session.account.api_key, share_key):
        assert secret.encode() not in written
        assert secret not in done.stdout + done.stderr


def test_the_commands_move_from_one_server_to_another(client, target, tmp_path, signed_in):
    fill(client)
    signed_in(client)
    done = run("export", tmp_path / "out", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "8 files exported.\n"), done.stderr
    signed_in(target)
    done = run("import", tmp_path / "out", "--into", "from alice")
    assert (done.returncode, done.stdout) == (0, "8 files imported.\n"), done.stderr
    pd.testing.assert_frame_equal(target.pull("from alice/sales/2026"), SALES)


def test_what_draws_on_a_grid_that_stays_behind_keeps_its_values(client, server, target, tmp_path):
    other = server.client("carol", server.add_user("carol"))
    theirs = other.push(pd.DataFrame({"x": [1, 2]}), "theirs", world_readable=True)
    client.push_plot({"data": [{"xsrc": theirs["x"].src, "type": "bar"}]}, "chart")
    export_to(tmp_path, client)
    report = import_from(tmp_path, target)
    assert theirs["x"].src in report.remarks["chart"]
    assert target.plot("chart").figure()["data"] == [{"type": "bar", "x": [1, 2]}]


def test_bad_options_are_named():
    with pytest.raises(ValidationError, match="parquet, csv, not 'xlsx'"):
        export_to("nowhere", format="xlsx")
    with pytest.raises(ValidationError, match="error, skip, replace, rename, not 'ask'"):
        import_from("nowhere", on_conflict="ask")
    with pytest.raises(PlotlyNbextError, match="There is no folder"):
        import_from("nowhere")


def test_several_exports_share_no_record(client, new_client, tmp_path):
    client.push(SALES, "sales")
    export_to(tmp_path, client)
    first, second = new_client(), new_client()
    assert import_from(tmp_path, first).done == ["sales"]
    assert import_from(tmp_path, second).done == ["sales"]
    assert import_from(tmp_path, first, into="again").done == ["again/sales"]


def test_a_text_of_megabytes_is_read_from_csv(client, target, tmp_path):
    frame = pd.DataFrame({"text": ["long " * 1_000_000, "short", ""], "n": [1, 2, 3]})
    client.push(frame, "long")
    export_to(tmp_path, client, format="csv")
    assert import_from(tmp_path, target).is_complete
    pd.testing.assert_frame_equal(target.pull("long"), frame)
