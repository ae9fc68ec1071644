"""Documents become rows: what says the same keeps its row untouched, what changed keeps its key."""

from content_app.manuscripts import rows, writing
from content_app.models import Citation, Item, Name, Statement
from tests.library import concept, condition, item_of, relation, source, statement


def keys(item: Item) -> dict[str, int]:
    return {one.clinical: one.pk for one in Statement.objects.filter(item_id=item.pk)}


def written(*documents) -> list[Item]:
    writing.write_source(source())
    writing.write_items(documents)
    return [item_of(document) for document in documents]


def test_a_part_that_says_the_same_keeps_its_row_and_its_citations(db):
    one, two = statement("One."), statement("Two.")
    item = written(condition(statements=[one, two]))[0]
    before, cited = keys(item), set(Citation.objects.values_list("pk", flat=True))
    written(condition(statements=[two, one], caution="Careful."))
    assert keys(item) == before
    assert set(Citation.objects.values_list("pk", flat=True)) == cited
    assert [s["clinical"] for s in rows.to_document(item)["statements"]] == ["Two.", "One."]


def test_a_part_that_changed_keeps_its_key(db):
    one = statement("One.")
    item = written(condition(statements=[one]))[0]
    before = keys(item)
    written(condition(statements=[one | {"clinical": "1.", "citations": [{"source": "a-text", "locator": "page 2"}]}]))
    assert keys(item) == {"1.": before["One."]}
    assert rows.to_document(item)["statements"][0]["citations"][0]["locator"] == "page 2"


def test_whoever_knows_the_rows_says_which_one_a_part_is(db):
    item = written(condition(statements=[], names=[{"text": "An old name", "type": "synonym"}]))[0]
    key = Name.objects.get(item_id=item.pk).pk
    renamed = condition(statements=[], names=[{"text": "A new name", "type": "synonym"}])
    writing.write_items(
        [renamed], {renamed["uuid"]: {"names": [key], "statements": [], "relations": [], "codings": []}}
    )
    assert Name.objects.get(item_id=item.pk).text == "A new name"
    assert Name.objects.get(item_id=item.pk).pk == key


def test_two_items_swap_what_only_one_of_them_can_say(db):
    a, b = concept("a"), concept("b")
    written(a | {"relations": [relation("not_the_same_as", b)]}, b)
    items = written(a | {"relations": []}, b | {"relations": [relation("not_the_same_as", a)]})
    assert ["relations" in rows.to_document(item) for item in items] == [False, True]
