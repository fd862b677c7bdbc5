"""Rows that come one by one, and from many: none is lost, doubled, torn or out of its order."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from .arrow import ARROW, read, stream, values

WRITERS, APPENDS = 4, 60

# a program of its own, as each of them is elsewhere
WRITER = """
import sys, requests
url, username, api_key, fid, writer, appends = sys.argv[1:]
with requests.Session() as session:
    session.trust_env = False
    session.auth = (username, api_key)
    for number in range(int(appends)):
        # some of several rows, which have to stay together
        rows = [[int(writer), number, part] for part in range(1 + number % 3)]
        answer = session.post(f"{url}/v2/grids/{fid}/row", json={"rows": rows})
        assert answer.status_code == 201, answer.text
"""


def expected(writer: int) -> list[list[int]]:
    return [[writer, number, part] for number in range(APPENDS) for part in range(1 + number % 3)]


def test_rows_of_many_processes_land_whole_and_in_each_one_s_order(api):
    fid = api.grid({"writer": [], "number": [], "part": []})["fid"]
    arguments = [api.url, api.username, api.api_key, fid]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, *arguments, str(number), str(APPENDS)])
        for number in range(WRITERS)
    ]
    assert [writer.wait(120) for writer in writers] == [0] * WRITERS
    rows = [[*row] for row in zip(*api.table(fid).values(), strict=True)]
    for writer in range(WRITERS):
        assert [row for row in rows if row[0] == writer] == expected(writer)
    starts = [place for place, row in enumerate(rows) if row[2] == 0]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        writer, number, _ = rows[start]
        together = [[writer, number, part] for part in range(1 + number % 3)]
        assert rows[start:end] == together


def test_rows_are_there_while_they_are_folded_behind_the_answers(api):
    """Over 1,024 appended rows are put among the others; each read in between sees all of them."""
    fid = api.grid({"n": list(range(20)), "text": ["t"] * 20})["fid"]
    path = f"/v2/grids/{fid}/row"
    minimal = {"Prefer": "return=minimal"}
    for start in range(20, 2_600, 86):
        rows = [[n, None if n % 5 else f"text {n}"] for n in range(start, start + 86)]
        answer = api.expect(201, "POST", path, json={"rows": rows}, headers=minimal).json()
        assert answer["row_count"] == start + 86
        window = api.content(fid, start=start - 20, stop=start + 86)
        assert window["n"]["data"] == list(range(start - 20, start + 86))
    assert api.table(fid)["n"] == list(range(2_600))


def test_rows_that_are_not_folded_yet_are_there_after_a_restart(serve):
    server = serve()
    api = server.user()
    fid = api.grid({"n": list(range(20))})["fid"]
    for n in range(20, 30):
        api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": [[n]]})
    many = {"rows": [[n] for n in range(30, 1_053)]}
    api.expect(201, "POST", f"/v2/grids/{fid}/row", json=many)
    server.stop()
    server.start()
    api.url = server.url
    assert api.table(fid) == {"n": list(range(1_053))}


def test_the_short_answer_tells_what_the_long_one_does(api):
    fid = api.grid()["fid"]
    path = f"/v2/grids/{fid}/row"
    for prefer in ("return=minimal", "respond-async, Return = minimal; why=because"):
        response = api.expect(
            201, "POST", path, json={"rows": [[5, 6]]}, headers={"Prefer": prefer}
        )
        assert response.headers["Preference-Applied"] == "return=minimal"
        meta = api.meta(fid)
        told = ("fid", "row_count", "revision", "date_modified")
        assert response.json() == {name: meta[name] for name in told}
    for prefer in (None, "return=representation", "xreturn=minimalx"):
        response = api.expect(
            201, "POST", path, json={"rows": [[5, 6]]}, headers={"Prefer": prefer}
        )
        assert "Preference-Applied" not in response.headers
        assert response.json() == api.meta(fid)


def test_an_answer_that_comes_again_is_as_short_as_it_says(api):
    path = f"/v2/grids/{api.grid()['fid']}/row"
    for number, first in enumerate([None, "return=minimal"]):
        key = {"Idempotency-Key": f"key {number}".replace(" ", "-")}
        answers = [
            api.expect(201, "POST", path, json={"rows": [[5, 6]]}, headers=key | {"Prefer": prefer})
            for prefer in (first, "return=minimal")
        ]
        assert answers[0].content == answers[1].content
        is_short = answers[1].headers.get("Preference-Applied") == "return=minimal"
        assert is_short == ("filename" not in answers[1].json()) == (first is not None)


def test_bulk_and_single_rows_follow_each_other_in_order(api):
    fid = api.grid({"n": list(range(100))})["fid"]
    path = f"/v2/grids/{fid}/row"
    count = 100
    for size in (1, 3, 20_000, 1, 1_500, 2):
        numbers = list(range(count, count + size))
        if size > 1_000:
            headers = {"Content-Type": ARROW}
            api.expect(201, "POST", path, data=stream({"n": numbers}), headers=headers)
        else:
            api.expect(201, "POST", path, json={"rows": [[n] for n in numbers]})
        count += size
    assert api.table(fid) == {"n": list(range(count))}
    found, _ = read(api.expect(200, "GET", f"/v2/grids/{fid}/content", headers={"Accept": ARROW}))
    assert values(found) == {"n": list(range(count))}


@pytest.mark.parametrize("body", [{"rows": [[1, 2, 3]]}, {"rows": [[1], 5]}, {"rows": "[[1]"}])
def test_rows_that_are_refused_leave_none(api, body):
    fid = api.grid()["fid"]
    api.refused(400, "POST", f"/v2/grids/{fid}/row", json=body)
    assert api.table(fid) == {"x": [1, 2], "y": [3, 4]}


def test_a_short_body_is_no_way_around_the_key(api, other, anonymous):
    fid = api.grid()["fid"]
    path, body = f"/v2/grids/{fid}/row", json.dumps({"rows": [[5, 6]]})
    anonymous.refused(401, "POST", path, data=body)
    anonymous.refused(401, "POST", path, data="no JSON")
    other.refused(404, "POST", path, data=body)
    for wrong in ((api.username, "wrong"), ("nobody", api.api_key)):
        anonymous.refused(401, "POST", path, data=body, auth=wrong)
    assert api.meta(fid)["row_count"] == 2


def test_readers_see_whole_appends_only(api, server, new_user):
    """Both columns of a row are written together, whoever reads meanwhile."""
    fid = api.grid({"a": list(range(50)), "b": list(range(50))}, world_readable=True)["fid"]
    done = threading.Event()
    seen: list[int] = []

    def look() -> None:
        with new_user() as reader:
            while not done.is_set():
                table = reader.table(fid)
                assert table["a"] == table["b"] == list(range(len(table["a"])))
                seen.append(len(table["a"]))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for start in range(50, 350, 5):
            rows = [[n, n] for n in range(start, start + 5)]
            api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": rows})
    finally:
        done.set()
        reader.join()
    assert seen == sorted(seen)
    assert seen
