from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "signing"
    label = "signing"
    verbose_name = "Parcours"
