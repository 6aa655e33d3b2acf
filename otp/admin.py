"""Code policies, for the operator; and what rows are that only the operator looks at. The outbox: `signing.admin`."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from otp import policies
from otp.models import Policy


class OperatorOnly:
    """Rows of the whole installation: the operator (superuser) alone, whatever permissions others were given."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; 404 to everybody else, so that nobody learns which rows there are."""
        if not operates(request):
            raise Http404
        return super().get_object(request, object_id, from_field)  # type: ignore[misc]  # beside a ModelAdmin

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, under the name of what is in it."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}  # type: ignore[attr-defined]  # beside a ModelAdmin
        return super().changelist_view(request, title | (extra_context or {}))  # type: ignore[misc,no-any-return]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return operates(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)


class NeverWritten:
    """Rows that the product's own actions write, and no form of the administration."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False


class LookedAt(NeverWritten, OperatorOnly):
    """Rows that the operator looks at."""


def operates(request: HttpRequest) -> bool:
    """Whether the operator asks."""
    return bool(request.user.is_active and request.user.is_superuser)


@admin.register(Policy)
class PolicyAdmin(OperatorOnly, admin.ModelAdmin[Policy]):
    list_display = ["name", "means"]
    readonly_fields = ["means", "weaknesses"]

    @admin.display(description=_("ce qu’elle veut dire"))
    def means(self, policy: Policy) -> str:
        return policies.sentence(policy)

    @admin.display(description=_("plus faible que NIST SP 800-63B-4"))
    def weaknesses(self, policy: Policy) -> str:
        """A line each; a new policy has its defaults'."""
        return format_html_join("", "<div>{}</div>", ([each] for each in policies.warnings(policy))) or str(_("non"))
