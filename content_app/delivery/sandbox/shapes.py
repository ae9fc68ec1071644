"""The shapes of what only the sandbox answers. All else there has the shapes of the real thing."""

from rest_framework import serializers

from content_app.serializers import string


class SandboxStateSerializer(serializers.Serializer):
    name = string("The name of the test case.")
    href = string("The address of the test case.")
    status = serializers.IntegerField(help_text="The HTTP status code of the response.")
    shows = string("The situation that it lets you test.")


class SandboxSerializer(serializers.Serializer):
    """The list of test cases in the sandbox."""

    notice = string("A notice that everything in the sandbox is made up.")
    states = SandboxStateSerializer(many=True, help_text="Every test case, with its address.")


class SandboxDeprecatedFieldSerializer(serializers.Serializer):
    """A response with a deprecated field."""

    name = string("The name, in the field that replaces `old_name`.")
    old_name = string("The same text as `name`, under its former name.")
