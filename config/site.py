"""The administration's own site: words, and no page before a password that somebody else knows has been changed."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

View = TypeVar("View", bound=Callable[..., Any])
FREE = {"password_change", "password_change_done", "logout", "jsi18n"}


class Site(AdminSite):
    """Django's site of the administration, with the frame of the house."""

    site_header = site_title = "Paraphe"
    enable_nav_sidebar = False
    site_url = None

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002 - as Django has it
        """The door of every page: staff only, and with a password of their own."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            here = request.resolver_match.url_name if request.resolver_match else ""
            if hasattr(request.user, "first_password") and here not in FREE:
                messages.warning(request, _("Choisissez d’abord un mot de passe que vous seul connaissez."))
                return redirect("admin:password_change")
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return cast("View", update_wrapper(guarded, inner))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # it is a redirect for members
        """All there is for the operator; what a member has here are envelopes."""
        if not request.user.is_superuser and self.get_app_list(request):
            return redirect("admin:signing_envelope_changelist")
        return super().index(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # it is a redirect where it went well
        """Change one's password: what somebody else gave has served. The same once more changes nothing."""
        response = super().password_change(request, extra_context)
        own = getattr(request.user, "first_password", None)
        if own and response.status_code == 302 and not request.user.check_password(request.POST["old_password"]):  # noqa: PLR2004 - Found
            own.delete()
        return response


class Admin(AdminConfig):
    """django.contrib.admin with this site."""

    default_site = "config.site.Site"
