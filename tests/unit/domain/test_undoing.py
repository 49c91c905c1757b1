from longshore.domain.listing import Field, Said
from longshore.domain.ownership import By, OwnValue
from longshore.domain.undoing import Done, Undoing, undo

TITLE, TAGS, PRICE, SALE = Field.TITLE, Field.TAGS, Field.PRICE, Field.ON_SALE


def content(before: str, after: str) -> Done:
    return Done("content", Said({TITLE: before}), Said({TITLE: after}))


def on(step: str) -> Done:
    return Done(step, Said({SALE: step != "publish"}), Said({SALE: step == "publish"}))


def held(value: object, undone: object) -> OwnValue:
    return OwnValue(value, By.UNDO, undone)


def test_the_oldest_value_is_held_against_the_newest():
    assert undo([content("a", "b"), content("b", "c")]) == Undoing(own={TITLE: held("a", "c")})


def test_there_and_back_is_nothing():
    assert undo([content("a", "b"), content("b", "a")]) == Undoing()


def test_tags_are_what_was_added_and_removed():
    steps = [
        Done("tags_add", Said({TAGS: ["a", "b"]}), Said({TAGS: ["c"]})),
        Done("tags_remove", Said({TAGS: ["a", "b"]}), Said({TAGS: ["A"]})),
    ]
    assert undo(steps) == Undoing(own={TAGS: held(["a", "b"], ["b", "c"])})


def test_metafields_keep_what_others_have():
    steps = [
        Done("metafields", Said({Field.METAFIELDS: {"a": 1}}), Said({Field.METAFIELDS: {"b": 2}}))
    ]
    assert undo(steps).own == {Field.METAFIELDS: held({"a": 1}, {"a": 1, "b": 2})}


def test_variants_that_were_made_have_nothing_to_go_back_to():
    step = Done(
        "set", Said({TITLE: "a"}, {1: {PRICE: "1"}}), Said({}, {1: {PRICE: "2"}, 2: {PRICE: "3"}})
    )
    assert undo([step]) == Undoing(variants={1: {PRICE: held("1", "2")}})


def test_a_product_that_was_made_goes_off_sale():
    made = Done("set", Said(), Said({TITLE: "a"}, {1: {PRICE: "1"}}))
    assert undo([made, on("publish"), content("a", "b")]) == Undoing(take_off=True)


def test_sale_goes_back():
    assert undo([on("publish")]) == Undoing(take_off=True)
    assert undo([on("unpublish")]) == Undoing(put_on=True)
    assert undo([on("unpublish"), on("publish")]) == Undoing()


def test_links_go_back():
    theirs = Said({"product_gid": "gid"})
    assert undo([Done("link", Said(), theirs)]) == Undoing(unlink=True)
    assert undo([Done("unlink", theirs, Said())]) == Undoing(link_to="gid")
