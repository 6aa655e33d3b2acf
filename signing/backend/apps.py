from django.apps import AppConfig


class BackendConfig(AppConfig):
    name = "signing.backend"
    label = "backend"
    verbose_name = "Service de signature"
