from longshore.domain.linking import Likeness, same_goods


def like(name: str, barcode: str = "", sku: str = "", *options: str) -> Likeness:
    return Likeness(name, barcode, sku, options)


def test_a_barcode_comes_before_a_sku_and_a_sku_before_options():
    mine = [like("a", "1", "x"), like("b", "", "Y"), like("c", "", "", "Red", "L")]
    theirs = [like("1", "9", "x"), like("2", "1", "y"), like("3", "", "", "l", "RED")]
    assert same_goods(mine, theirs) == {"a": "2", "c": "3"}


def test_what_two_have_in_common_proves_nothing():
    assert same_goods([like("a", "", "x"), like("b", "", "x")], [like("1", "", "x")]) == {}
    assert same_goods([like("a", "", "x")], [like("1", "", "x"), like("2", "", "x")]) == {}


def test_two_single_variants_are_the_same():
    assert same_goods([like("a", "", "x")], [like("1", "", "y")]) == {"a": "1"}


def test_nothing_is_taken_twice():
    mine = [like("a", "1"), like("b", "", "x")]
    assert same_goods(mine, [like("1", "1", "x")]) == {"a": "1"}
