"""What the servers of one deployment have to agree on, however many machines they run on."""

from django.db import models


class DeploymentKey(models.Model):
    """Which key the servers on this database use, by a fingerprint that says nothing about the key itself."""

    SECRET, SIGNING = "secret", "signing"
    USES = [(SECRET, "SECRET_KEY"), (SIGNING, "SIGNING_KEY")]

    use = models.CharField(max_length=10, choices=USES, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    noted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.get_use_display()
