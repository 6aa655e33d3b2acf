from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "signing.clients"
    label = "clients"
    verbose_name = "Clients"
