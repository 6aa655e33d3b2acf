from django.apps import AppConfig


class OtpConfig(AppConfig):
    name = "otp"
    label = "otp"
    verbose_name = "Codes et messages"
