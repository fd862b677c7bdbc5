"""Who may do what with whose file: every caller, every visibility, every action, every filetype.

``EXPECTED`` is what the rights are. Each test is one action upon one file, asked for by every
caller in turn: those who are refused first and the owner last.
"""

from __future__ import annotations

import pytest

from .actions import CASES, Action, World

# "ok" is the status with which the action succeeds; a/b are two that no document decides between
EXPECTED = """
kind     visibility  owner    other    anonymous  with-key  other-with-key  wrong-key  bad-key

read     private     ok       404      404        404       404             404        401
read     public      ok       ok       ok         ok        ok              ok         401
read     secret      ok       404      404        ok        ok              404        401
read     trashed     404      404      404        404       404             404        401
read     missing     404      404      404        404       404             404        401

find     private     ok       404      404        404       404             404        401
find     public      ok       ok       ok         ok        ok              ok         401
find     secret      ok       404      404        ok/404    ok/404          404        401
find     trashed     404      404      404        404       404             404        401
find     missing     404      404      404        404       404             404        401

copy     private     ok       404      401/404    401/404   404             401/404    401
copy     public      ok       ok       401        401       ok              401        401
copy     secret      ok       404      401/404    401       ok              401/404    401
copy     trashed     404      404      401/404    401/404   404             401/404    401
copy     missing     404      404      401/404    401/404   404             401/404    401

star     private     ok       404      401/404    401/404   404             401/404    401
star     public      ok       ok       401        401       ok              401        401
star     secret      ok       404      401/404    401/404   ok/404          401/404    401
star     trashed     404      404      401/404    401/404   404             401/404    401
star     missing     404      404      401/404    401/404   404             401/404    401

write    private     ok       404      401/404    401/404   404             401/404    401
write    public      ok       403      401        401       403             401        401
write    secret      ok       404      401/404    401/404   403/404         401/404    401
write    trashed     404      404      401/404    401/404   404             401/404    401
write    missing     404      404      401/404    401/404   404             401/404    401

trash    private     ok       404      401/404    401/404   404             401/404    401
trash    public      ok       403      401        401       403             401        401
trash    secret      ok       404      401/404    401/404   403/404         401/404    401
trash    trashed     ok       404      401/404    401/404   404             401/404    401
trash    missing     404      404      401/404    401/404   404             401/404    401

destroy  private     ok       404      401/404    401/404   404             401/404    401
destroy  public      ok       403      401        401       403             401        401
destroy  secret      ok       404      401/404    401/404   403/404         401/404    401
destroy  trashed     ok/404   404      401/404    401/404   404             401/404    401
destroy  missing     404      404      401/404    401/404   404             401/404    401

restore  private     ok       404      401/404    401/404   404             401/404    401
restore  public      ok       403      401        401       403             401        401
restore  secret      ok       404      401/404    401/404   403/404         401/404    401
restore  trashed     ok       404      401/404    401/404   404             401/404    401
restore  missing     404      404      401/404    401/404   404             401/404    401

purge    private     400      404      401/404    401/404   404             401/404    401
purge    public      400      403      401        401       403             401        401
purge    secret      400      404      401/404    401/404   403/404         401/404    401
purge    trashed     ok       404      401/404    401/404   404             401/404    401
purge    missing     404      404      401/404    401/404   404             401/404    401
"""
WHO = EXPECTED.split("\n")[1].split()[2:]
RIGHTS = {
    (kind, visibility): dict(zip(WHO, cells, strict=True))
    for kind, visibility, *cells in (line.split() for line in EXPECTED.split("\n")[2:] if line)
}
VISIBILITIES = ["private", "public", "secret", "trashed", "missing"]
READS = [case for case in CASES if case.action.kind in {"read", "find"}]
CHANGES = [case for case in CASES if case.action.kind not in {"read", "find"}]


@pytest.fixture(scope="module")
def world(new_user, request):
    return World(new_user, type(new_user()))


def answered(cell: str, success: int) -> set[int]:
    return {success if status == "ok" else int(status) for status in cell.split("/")}


# --- the matrix -----------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("case", READS, ids=str)
def test_who_reads_what(world, case, visibility):
    filetype, action = case
    file = world.kept(filetype, visibility)
    seen = {who: world.send(who, action, file).status_code for who in WHO}
    check(seen, action, visibility)


@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("case", CHANGES, ids=str)
def test_who_changes_what(world, case, visibility):
    filetype, action = case
    file = world.new(filetype, visibility)
    before = world.state(file)
    seen = {who: world.send(who, action, file).status_code for who in WHO[1:]}
    assert world.state(file) == before
    seen["owner"] = world.send("owner", action, file).status_code
    check(seen, action, visibility)


def check(seen: dict[str, int], action: Action, visibility: str) -> None:
    """Compare what everyone was answered with the row of the table."""
    row = RIGHTS[action.kind, visibility]
    allowed = {who: answered(row[who], action.success) for who in WHO}
    wrong = {who: seen[who] for who in WHO if seen[who] not in allowed[who]}
    assert wrong == {}, f"{action.method} {action.path} of what is {visibility}: {row}"


def test_a_star_can_be_taken_from_what_one_may_no_longer_read(api, other):
    fid = api.grid(world_readable=True)["fid"]
    path = f"/v2/grids/{fid}"
    other.expect(200, "POST", f"{path}/star")
    api.expect(200, "PATCH", path, json={"world_readable": False})
    other.refused(404, "DELETE", f"/v2/plots/{fid}/star")
    assert api.meta(fid)["stars"]["count"] == 1
    other.expect(204, "DELETE", f"{path}/star")
    assert api.meta(fid)["stars"]["count"] == 0
    other.refused(404, "DELETE", f"{path}/star")
