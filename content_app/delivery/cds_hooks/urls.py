"""The addresses of CDS Hooks: the standard's own, and the same with a slash at the end.

To be included at `cds-services`.
"""

from django.urls import re_path

from content_app.delivery.cds_hooks.views import DiscoveryView, FeedbackView, ServiceView

urlpatterns = [
    re_path(r"^(?:/)?$", DiscoveryView.as_view(), name="cds-services"),
    re_path(r"^(?:/)(?P<service_id>[^/]+)/?$", ServiceView.as_view(), name="cds-service"),
    re_path(r"^(?:/)(?P<service_id>[^/]+)/feedback/?$", FeedbackView.as_view(), name="cds-feedback"),
]
