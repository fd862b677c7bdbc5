"""What others build on does not change without a word, and without the version that says so."""

from __future__ import annotations

from .public import FILE, public

REFRESH = "python -m tests.releases.public"


def test_what_is_public_is_what_was_released():
    released = FILE.read_text().splitlines()
    now = public()
    gone = sorted(set(released) - set(now))
    new = sorted(set(now) - set(released))
    told = [
        *("gone or changed, so a new major version:", *gone),
        *("new, so a new minor version:", *new),
        f"If that is meant: {REFRESH}, and a line in CHANGELOG.md.",
    ]
    assert not gone, "\n".join(told)
    assert not new, "\n".join(told)


def test_what_is_listed_is_all_kinds_of_what_is_public():
    kinds = {line.split()[0] for line in FILE.read_text().splitlines()}
    assert kinds == {"command", "config", "http", "magic", "python", "variable"}
