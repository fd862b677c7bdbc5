"""The words of a magic's line, without a kernel."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.client.image import FORMATS, format_named
from plotly_nbext.notebook.magics import arguments
from plotly_nbext.notebook.magics.line import split, unquote
from plotly_nbext.notebook.magics.request import FORMATS as FORMATS_OF_THE_MAGIC
from plotly_nbext.notebook.magics.usage import UsageError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("   ", []),
        ("fig", ["fig"]),
        ("fig -f svg", ["fig", "-f", "svg"]),
        ("-f svg fig", ["-f", "svg", "fig"]),
        ('px.scatter(df, x="a b") -W 700', ['px.scatter(df, x="a b")', "-W", "700"]),
        ("px.bar(df, x='it\\'s ok')", ["px.bar(df, x='it\\'s ok')"]),
        ('{"data": [{"y": [1, 2]}]} -s 2', ['{"data": [{"y": [1, 2]}]}', "-s", "2"]),
        ("a - b", ["a", "-", "b"]),
        ('df["a b"] [0]', ['df["a b"]', "[0]"]),
        ('f(")") --alt "a ( b"', ['f(")")', "--alt", '"a ( b"']),
        ('f("""it\'s "so" """) x', ['f("""it\'s "so" """)', "x"]),
        ('--save=plots/"my file".png fig', ['--save=plots/"my file".png', "fig"]),
        ("fig # use -f svg", ["fig"]),
        ("fig --save plot#1.png", ["fig", "--save", "plot#1.png"]),
        ('fig --alt "#1"', ["fig", "--alt", '"#1"']),
        (r"fig --save C:\plots\x.png", ["fig", "--save", r"C:\plots\x.png"]),
        ("fig --alt ''", ["fig", "--alt", "''"]),
    ],
)
def test_a_line_is_cut_outside_quotes_and_brackets(line, words):
    assert split(line) == (words, False)


@pytest.mark.parametrize("line", ["fig;", "fig -f svg;", "fig ;", "fig;;  ", "fig; # done"])
def test_a_final_semicolon_asks_for_silence_and_is_no_part_of_a_word(line):
    words, silent = split(line)
    assert silent
    assert words == (["fig", "-f", "svg"] if "svg" in line else ["fig"])


def test_a_semicolon_inside_quotes_is_text():
    assert split('fig --alt "a;"') == (["fig", "--alt", '"a;"'], False)


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("f(x", "("),
        ("f(x]", "]"),
        ("fig) -f svg", ")"),
        ("fig --alt it's", "'"),
        ('fig --alt "open', '"'),
    ],
)
def test_an_unmatched_quote_or_bracket_is_named(line, culprit):
    with pytest.raises(UsageError) as caught:
        split(line)
    assert str(caught.value).startswith(f"{culprit} has no partner")


@given(st.lists(st.text(st.sampled_from("ab -=[](){}#;é"), min_size=1), max_size=5))
def test_quoted_text_comes_through_unchanged_whatever_it_holds(texts):
    words, silent = split(" ".join(f'"{text}"' for text in texts))
    assert [unquote(word) for word in words] == texts
    assert not silent


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("plain", "plain"),
        ('"a b"', "a b"),
        ("'a \"b\" c'", 'a "b" c'),
        (r'"say \"hi\""', 'say "hi"'),
        ('plots/"my file".png', "plots/my file.png"),
        (r'"C:\new\table.png"', r"C:\new\table.png"),
        ("''", ""),
        ("""{d["k"]}/'a b'{d['k']}""", """{d["k"]}/a b{d['k']}"""),
    ],
)
def test_the_quotes_of_an_option_are_taken_off(word, text):
    assert unquote(word) == text


@pytest.mark.parametrize(
    ("read", "word", "value"),
    [
        (arguments.pixels, "700", 700),
        (arguments.pixels, "700.0", 700),
        (arguments.scale, "0.5", 0.5),
        (arguments.variable, "img", "img"),
    ],
)
def test_option_values_are_read(read, word, value):
    assert read(word) == value


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (arguments.pixels, "0"),
        (arguments.pixels, "-5"),
        (arguments.pixels, "7.5"),
        (arguments.pixels, "wide"),
        (arguments.scale, "0"),
        (arguments.scale, "nan"),
        (arguments.scale, "inf"),
        (arguments.scale, "big"),
        (arguments.variable, "a.b"),
        (arguments.variable, "1st"),
        (arguments.variable, "class"),
    ],
)
def test_option_values_that_make_no_sense_are_quoted_in_the_error(read, word):
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        read(word)
    assert repr(word) in str(caught.value)


def test_the_magic_knows_every_format_of_the_client():
    assert {name: format_named(name) for name in (*FORMATS, "jpg")} == FORMATS_OF_THE_MAGIC
