"""More of the requests that the suite makes from the document: each is answered as that says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..server.test_openapi_fuzz import DRAWING, OPERATIONS, World, cases, each
from .changes import examples

pytestmark = pytest.mark.fuzz


@pytest.fixture(scope="module")
def owner(own_server):
    return own_server.own.user()


@pytest.fixture(scope="module")
def world(owner, own_server):
    return World(owner, own_server.own.user())


@each(OPERATIONS)
@examples(0.15)
@given(data=st.data())
def test_a_user_is_answered_as_documented(world, owner, operation, data):
    world.send(data.draw(cases(operation)), owner)


@each(DRAWING)
@examples(0.15)
@given(data=st.data())
def test_a_user_s_image_is_as_documented(world, owner, operation, data):
    world.send(data.draw(cases(operation)), owner)
