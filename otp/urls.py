from django.urls import path

from otp import views

urlpatterns = [
    path("reports/<uuid:message>/twilio", views.twilio_report, name="twilio_report"),
    path("reports/<uuid:message>/<str:code>", views.report, name="message_report"),
]
