"""`%plotly_grid rename`, `move`, `trash`, `restore` and `delete`, in a real kernel."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _frame(kernel):
    kernel.run("import pandas as pd\ndf = pd.DataFrame({'month': ['Jan'], 'total': [1.5]})")


def push(kernel, *paths):
    for path in paths:
        kernel.run(f"%plotly_grid push df {path};")


def names(kernel, folder):
    kernel.run(f"listing = %plotly_grid ls {folder}")
    return kernel.value("[file.name for file in listing]")


def undo(ran):
    """The commands that the lines of a cell name."""
    return [line.partition(" Undo: ")[2] for line in ran.text("stdout").splitlines()]


def test_a_renamed_grid_keeps_its_fid_and_the_line_says_how_to_undo_it(kernel):
    kernel.run("%plotly_grid push df rename/2026 -o grid")
    ran = kernel.run("%plotly_grid rename rename/2026 2027 -o renamed")
    assert ran.text("stdout") == (
        "'rename/2026' is now 'rename/2027'. Undo: %plotly_grid rename rename/2027 2026\n"
    )
    assert kernel.value("(renamed.path, renamed.fid == grid.fid)") == ("rename/2027", True)
    kernel.run(*undo(ran))
    assert names(kernel, "rename") == ["2026"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("paths/2027", "Write the name alone: %plotly_grid rename paths/2026 2027"),
        ("old/2026", "To another folder: %plotly_grid move paths/2026 old"),
        (
            "old/2027",
            """To another folder: %plotly_grid move paths/2026 old
Then: %plotly_grid rename old/2026 2027""",
        ),
    ],
)
def test_a_new_name_with_a_slash_names_the_command_that_moves(kernel, name, hint):
    push(kernel, "paths/2026")
    error = kernel.try_(f"%plotly_grid rename paths/2026 {name}").error
    assert error["evalue"].partition("\n")[2] == hint
    assert names(kernel, "paths") == ["2026"]


def test_a_name_that_is_taken_changes_nothing(kernel):
    push(kernel, "taken/a", "taken/b")
    error = kernel.try_("%plotly_grid rename taken/a b").error
    assert error["ename"] == "ValidationError"
    assert "'b' already exists" in error["evalue"]
    assert names(kernel, "taken") == ["a", "b"]


def test_several_grids_are_moved_at_once_and_a_new_folder_is_told(kernel):
    push(kernel, "move/a", "move/b")
    ran = kernel.run("%plotly_grid move move/a move/b moved/deep -o files")
    assert ran.text("stdout").splitlines() == [
        f"'move/{name}' is now 'moved/deep/{name}', in a new folder. "
        f"Undo: %plotly_grid move moved/deep/{name} move"
        for name in "ab"
    ]
    assert kernel.value("[file.path for file in files]") == ["moved/deep/a", "moved/deep/b"]
    kernel.run("\n".join(undo(ran)))
    assert names(kernel, "move") == ["a", "b"]


def test_a_grid_is_moved_to_the_top_folder_and_a_grid_is_no_folder_to_move_to(kernel):
    push(kernel, "deep/top", "deep/other")
    ran = kernel.run("%plotly_grid move deep/top /")
    assert ran.text("stdout").startswith("'deep/top' is now 'top'. Undo: ")
    error = kernel.try_("%plotly_grid move deep/other top").error
    assert "'top' is a grid, not a folder" in error["evalue"]
    assert names(kernel, "deep") == ["other"]


def test_nothing_is_moved_where_one_of_the_files_is_not_there(kernel):
    push(kernel, "whole/a")
    error = kernel.try_("%plotly_grid move whole/a whole/none elsewhere").error
    assert error["ename"] == "NotFoundError"
    assert "'whole/none'" in error["evalue"]
    assert names(kernel, "whole") == ["a"]


def test_what_was_done_before_a_failure_is_told(kernel):
    push(kernel, "half/a", "half/b", "full/b")
    ran = kernel.try_("%plotly_grid move half/a half/b full")
    assert "'b' already exists" in ran.error["evalue"]
    assert undo(ran) == ["%plotly_grid move full/a half"]
    assert names(kernel, "half") == ["b"]


def test_the_trash_gives_back_what_the_line_says(kernel):
    push(kernel, "trash/a", "'trash/b c'")
    ran = kernel.run("%plotly_grid trash trash/a 'trash/b c'")
    assert ran.text("stdout").splitlines() == [
        "'trash/a' is in the trash. Undo: %plotly_grid restore trash/a",
        "'trash/b c' is in the trash. Undo: %plotly_grid restore \"trash/b c\"",
    ]
    listed = kernel.run("%plotly_grid ls --trash").result["text/plain"]
    assert "trash/a" in listed
    assert "trash/b c" in listed
    back = kernel.run("\n".join(undo(ran)))
    assert back.text("stdout").splitlines()[0] == (
        "'trash/a' is back. Undo: %plotly_grid trash trash/a"
    )
    assert names(kernel, "trash") == ["a", "b c"]


def test_each_turn_of_a_loop_says_what_it_did_and_a_semicolon_silences(kernel):
    push(kernel, "loop/2025", "loop/2026", "loop/2027")
    ran = kernel.run("for year in (2025, 2026):\n    %plotly_grid trash loop/{year}")
    assert len(ran.text("stdout").splitlines()) == 2
    assert kernel.run("%plotly_grid trash loop/2027;").outputs == []
    assert names(kernel, "loop") == []


def test_of_two_in_the_trash_with_one_path_the_fid_tells_which(kernel):
    kernel.run("%plotly_grid push df twice/a -o first\n%plotly_grid trash twice/a;")
    push(kernel, "twice/a")
    kernel.run("%plotly_grid trash twice/a;")
    error = kernel.try_("%plotly_grid restore twice/a").error
    assert error["ename"] == "UsageError"
    assert kernel.value("first.fid") in error["evalue"]
    kernel.run("%plotly_grid restore {first.fid} -o back")
    assert kernel.value("back.fid == first.fid") is True


def test_what_went_with_its_folder_comes_back_with_it(kernel):
    push(kernel, "gone/with/a")
    kernel.run("%plotly_grid trash gone;")
    error = kernel.try_("%plotly_grid restore gone/with/a").error
    assert error["evalue"].endswith("Its folder is there: %plotly_grid restore gone")
    error = kernel.try_("%plotly_grid pull gone/with/a").error
    assert error["evalue"].endswith("It is in the trash: %plotly_grid restore gone")
    kernel.run("%plotly_grid restore gone")
    assert names(kernel, "gone/with") == ["a"]


def test_the_trash_lists_what_was_in_a_folder_that_is_gone_by_now(kernel):
    push(kernel, "outer/inner/deep")
    kernel.run("%plotly_grid trash outer/inner/deep;\n%plotly_grid trash outer;")
    listed = kernel.run("%plotly_grid ls --trash --long").result["text/plain"]
    (line,) = [line for line in listed.splitlines() if "deep" in line]
    assert line.startswith("…/deep")
    error = kernel.try_(f"%plotly_grid restore {line.split()[2]}").error
    assert "is in the trash: restore that first" in error["evalue"]
    kernel.run("%plotly_grid restore outer\n%plotly_grid restore outer/inner/deep")
    assert names(kernel, "outer/inner") == ["deep"]


def test_a_grid_whose_name_was_taken_meanwhile_stays_in_the_trash(kernel):
    push(kernel, "meanwhile/a")
    kernel.run("%plotly_grid trash meanwhile/a;")
    push(kernel, "meanwhile/a")
    error = kernel.try_("%plotly_grid restore meanwhile/a").error
    assert "a file of its name already exists" in error["evalue"]
    assert error["evalue"].endswith(": %plotly_grid rename meanwhile/a NAME")
    assert "meanwhile/a" in kernel.run("%plotly_grid ls --trash").result["text/plain"]


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("rename taken/a b", "taken/b"),
        ("move b taken", "taken/b"),
        ("move taken/b /", "b"),
    ],
)
def test_the_file_that_has_the_name_already_is_told_with_a_way_out(kernel, line, other):
    push(kernel, "taken/a", "taken/b", "b")
    error = kernel.try_(f"%plotly_grid {line}").error
    assert error["evalue"].splitlines()[1:] == [
        f"Rename the other one first: %plotly_grid rename {other} NAME"
    ]


def test_nothing_is_deleted_without_a_yes(kernel):
    push(kernel, "delete/a", "delete/b")
    error = kernel.try_("%plotly_grid delete delete/a delete/b").error
    assert error["evalue"].splitlines() == [
        "What is deleted is gone for good.",
        "If you mean it: %plotly_grid delete delete/a delete/b --yes",
        "To be able to undo it: %plotly_grid trash delete/a delete/b",
    ]
    assert names(kernel, "delete") == ["a", "b"]
    ran = kernel.run("%plotly_grid delete delete/a delete/b --yes")
    assert ran.text("stdout") == (
        "'delete/a' is deleted for good.\n'delete/b' is deleted for good.\n"
    )
    error = kernel.try_("%plotly_grid restore delete/a").error
    assert error["evalue"].startswith("There is no 'delete/a' in the trash.")


def test_what_is_in_the_trash_can_be_deleted(kernel):
    push(kernel, "bin/a")
    kernel.run("%plotly_grid trash bin/a;\n%plotly_grid delete bin/a --yes;")
    error = kernel.try_("%plotly_grid restore bin/a").error
    assert error["evalue"].startswith("There is no 'bin/a' in the trash.")
