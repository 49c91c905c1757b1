import pytest

from longshore.stores.woocommerce.wire import NotJson, decode, junk_in

NOTICE = b"<br />\n<b>Notice</b>:  x in <b>/a.php</b> on line <b>3</b><br />"
COMMENT = b"<!-- cached ] } in 0.2 s -->"


@pytest.mark.parametrize(
    ("body", "found", "junk"),
    [
        (b'{"a":1}', {"a": 1}, b""),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}, b""),
        (NOTICE + b'\n{"a":1}', {"a": 1}, NOTICE),
        (b'{"a":1}\n' + COMMENT, {"a": 1}, COMMENT),
        (b"[]\n" + NOTICE + b"\n", [], NOTICE),
        (
            b"[1]<script>var x = {};</script>" + COMMENT,
            [1],
            b"<script>var x = {};</script>" + COMMENT,
        ),
        (b'{"a":"<!-- x -->"}', {"a": "<!-- x -->"}, b""),
    ],
)
def test_data_is_found_between_what_others_write(body, found, junk):
    assert decode(body) == found
    assert junk_in(body) == junk


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a":1',
        b'{"a":1}x',
        b'{"a":1}{"b":2}',
        b"<html>[]</html>",
        COMMENT,
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_data_is_not_guessed_at(body):
    with pytest.raises(NotJson):
        decode(body)


def test_nothing_is_cut_off_the_answer_to_a_write():
    with pytest.raises(NotJson):
        decode(b'{"id":1}' + COMMENT, cut_off_end=False)


def test_endless_comments_take_no_time():
    body = b'{"a":1}' + COMMENT * 2_000 + b"x"
    with pytest.raises(NotJson):
        decode(body)
    assert decode(b'{"a":1}' + b"<!---->" * 2_000) == {"a": 1}
