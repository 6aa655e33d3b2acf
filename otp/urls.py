from django.urls import path

from otp import views

urlpatterns = [path("reports/<uuid:message>/<str:code>", views.report, name="message_report")]
