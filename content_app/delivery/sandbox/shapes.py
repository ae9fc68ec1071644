"""The shapes of what only the sandbox answers. All else there has the shapes of the real thing."""

from rest_framework import serializers

from content_app.serializers import string


class SandboxStateSerializer(serializers.Serializer):
    name = string("What it is called.")
    href = string("Its address.")
    status = serializers.IntegerField(help_text="The status that it is answered with.")
    shows = string("What it is for.")


class SandboxSerializer(serializers.Serializer):
    """What the sandbox shows."""

    notice = string("What all of it is: invented.")
    states = SandboxStateSerializer(many=True, help_text="Every state, with its address.")


class SandboxDeprecatedFieldSerializer(serializers.Serializer):
    """An answer with a field that goes away."""

    name = string("A text.")
    old_name = string("The same text, as it was called formerly.")
