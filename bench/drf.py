"""What one would write first: a read-only DRF viewset with nested serializers over the editors' tables.

In: the first content. Out: a WSGI application that answers `/api/v1/conditions/{slug}/` with a condition and all that
is in it: names, statements, relations and codings with their citations and sources. Rows are fetched ahead, a dozen
queries instead of hundreds, and no middleware but Django's common one is in the way.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - as above

settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
application = WSGIHandler()

from rest_framework import renderers, routers, serializers, viewsets  # noqa: E402 - as above

from content_app import models  # noqa: E402 - as above


class SourceSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.Source
        exclude = ("signed_revision", "published_revision")


class CitationSerializer(serializers.ModelSerializer):
    source = SourceSerializer()

    class Meta:
        model = models.Citation
        fields = ("source", "locator")


class ItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = models.Item
        fields = ("uuid", "kind", "slug", "name")


def nested(of: type, *, without: tuple[str, ...] = (), **members: serializers.BaseSerializer) -> serializers.Serializer:
    """The serializer of a part of an item, with its citations."""
    meta = type("Meta", (), {"model": of, "exclude": ("id", *without)})
    own = {"citations": CitationSerializer(many=True)} if hasattr(of, "citations") else {}
    return type(f"{of.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta, **own, **members})(many=True)


class ConditionSerializer(serializers.ModelSerializer):
    names = nested(models.Name, without=("item",))
    statements = nested(models.Statement, without=("item",))
    relations = nested(models.Relation, without=("subject",), object=ItemSerializer())
    codings = nested(models.Coding, without=("item",))

    class Meta:
        model = models.Condition
        exclude = ("published_revision", "replaced_by")


class ConditionViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = models.Condition.objects.prefetch_related(
        "names__citations__source", "statements__citations__source", "relations__citations__source",
        "relations__object", "codings",
    )  # fmt: skip
    serializer_class = ConditionSerializer
    renderer_classes = (renderers.JSONRenderer,)
    lookup_field = "slug"


router = routers.DefaultRouter()
router.register("api/v1/conditions", ConditionViewSet)
urlpatterns = router.urls
