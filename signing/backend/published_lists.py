"""Rows of the revocation lists that were published."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RevocationList(models.Model):
    """A CRL of the issuing CA as it was published; its number comes from here."""

    number = models.PositiveBigIntegerField(unique=True)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("liste de révocation")
        verbose_name_plural = _("listes de révocation")

    def __str__(self) -> str:
        return str(self.number)
