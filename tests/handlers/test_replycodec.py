"""A Reply survives its way through JSON, whatever is in it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from handlers.reply import (
    Button,
    Fields,
    Form,
    Input,
    Para,
    Part,
    Reply,
    Result,
    Span,
    Style,
    Table,
    Tone,
)
from handlers.replycodec import from_json, to_json

_text = st.text(max_size=20)
_words = st.lists(_text, max_size=3).map(tuple)
_spans = st.lists(st.builds(Span, _text, st.sampled_from(Style), _text), max_size=3).map(tuple)
_pairs = st.lists(st.tuples(_text, _text), max_size=3).map(tuple)
_parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Para, _spans, st.booleans()),
    st.builds(Fields, _pairs),
    st.builds(Table, _words, st.lists(_words, max_size=3).map(tuple), _text),
)
_inputs = st.builds(Input, _text, _text, _text, _pairs, st.booleans(), _text)
_forms = st.builds(Form, _text, _text, _text, _text, st.lists(_inputs, max_size=3).map(tuple), _text)
_replies = st.builds(
    Reply, _text, st.lists(_parts, max_size=4).map(tuple),
    st.lists(st.builds(Button, _text, _text, _text), max_size=3).map(tuple), st.sampled_from(Tone), st.booleans(),
    st.sampled_from(Result), st.none() | _forms, _words,
)  # fmt: skip


@given(_replies)
def test_a_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert from_json(json.loads(json.dumps(to_json(reply)))) == reply
