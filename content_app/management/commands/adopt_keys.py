"""For when a key is lost: what it sealed cannot be read any more, and the deployment goes on with another."""

from django.core.management.base import BaseCommand

from content_app.operation import shared_keys


class Command(BaseCommand):
    help = (
        "Make this machine's SECRET_KEY and SIGNING_KEY those of the deployment, because the previous ones are lost. "
        "People then have to set up their second factors again, and webhook secrets have to be rotated."
    )

    def handle(self, **options):
        shared_keys.adopt()
        self.stdout.write("This machine's keys are now those of the deployment. Set them on every other machine too.")
