"""The search index: what search knows of each published document. Derived, and rewritten by `rebuild_search`.

In: rows that `search.indexing` writes in the publishing transaction. Out: rows that `delivery.search` reads.
Every row knows from which release it holds, so that any release can be searched as it was. The words themselves
stand in a full-text table of the database (`search.engines`), under the same `place`.
"""

from django.db import models

from content_app.models.fields import CodePointField
from content_app.models.publication import Document


class SearchEntry(models.Model):
    """One searchable document. `place` numbers them in the order of publishing: later ones have higher numbers."""

    place = models.IntegerField(primary_key=True)
    first_release = models.IntegerField()
    superseded_in = models.IntegerField(null=True)
    # Without a constraint: the index follows the documents and never stands in their way.
    document = models.OneToOneField(Document, models.DO_NOTHING, related_name="+", db_constraint=False)
    item_uuid = models.UUIDField()
    kind = models.CharField(max_length=20)
    sort_name = models.CharField(max_length=500)
    facets = models.TextField()
    names = models.TextField()
    weights = models.TextField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.place}: {self.sort_name}"


class SearchName(models.Model):
    """A name or code as a whole (`whole`, for exact matches), or from one of its words on (`starts`, to complete)."""

    entry = models.ForeignKey(SearchEntry, models.DO_NOTHING, related_name="+")
    rank = models.SmallIntegerField()
    text = models.CharField(max_length=500)
    is_start = models.BooleanField()
    starts = CodePointField(max_length=200)
    whole = CodePointField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["whole", "entry"], name="search_name_whole"),
            models.Index(fields=["is_start", "starts", "entry"], name="search_name_starts"),
        ]

    def __str__(self) -> str:
        return self.text


class SearchWord(models.Model):
    """A word as it is written: what a misspelt one may have meant. `names_since`: from when on it is in a name."""

    word = CodePointField(max_length=40, primary_key=True)
    since = models.IntegerField()
    names_since = models.IntegerField(null=True)

    def __str__(self) -> str:
        return self.word


class SearchShortening(models.Model):
    """What is left of a word without a letter or two, as a number: where a misspelt word meets it."""

    key = models.BigIntegerField()
    word = CodePointField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["key", "word"], name="search_shortening_lookup")]

    def __str__(self) -> str:
        return f"{self.key}: {self.word}"


class SearchStem(models.Model):
    """A stem, and in how many documents it ever was. A common one has a list of its best documents."""

    stem = models.CharField(max_length=40, primary_key=True)
    since = models.IntegerField()
    entries = models.IntegerField()
    common_since = models.IntegerField(null=True)
    listed = models.IntegerField(default=0)
    least_score = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.stem


class SearchTop(models.Model):
    """A document among the best for a common stem, from one release until another."""

    stem = models.CharField(max_length=40)
    score = models.IntegerField()
    entry = models.ForeignKey(SearchEntry, models.DO_NOTHING, related_name="+", db_index=False)
    listed_in = models.IntegerField()
    dropped_in = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["stem", "-score", "-entry"], name="search_top_by_score")]

    def __str__(self) -> str:
        return f"{self.stem}: {self.entry_id}"
