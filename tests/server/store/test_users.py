"""Users and their keys."""

from __future__ import annotations

import pytest

from plotly_nbext.errors import NotFoundError, ValidationError
from plotly_nbext.server.store import users


def test_a_key_is_its_users_alone(connection):
    key = users.add(connection, "carol")
    assert users.verify(connection, "carol", key)
    assert users.owner_of_key(connection, key) == "carol"
    for name, wrong in (("carol", key[:-1]), ("alice", key), ("nobody", key), ("nobody", "")):
        assert not users.verify(connection, name, wrong)


def test_a_new_key_ends_the_old_one(connection):
    key = users.add(connection, "carol")
    renewed = users.rotate_key(connection, "carol")
    assert not users.verify(connection, "carol", key)
    assert users.verify(connection, "carol", renewed)
    with pytest.raises(NotFoundError, match="nobody"):
        users.rotate_key(connection, "nobody")


def test_who_is_ensured_is_there_once_with_just_that_key(connection):
    for key in ("first", "second"):
        users.ensure(connection, "carol", key)
        assert users.verify(connection, "carol", key)
        assert users.names(connection) == ["alice", "bob", "carol"]
    assert not users.verify(connection, "carol", "first")
    with pytest.raises(ValidationError, match="'a b' can't be a username"):
        users.ensure(connection, "a b", "key")
