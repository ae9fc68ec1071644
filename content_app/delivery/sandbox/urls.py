"""The addresses of the sandbox, to be included at `sandbox/`."""

from django.urls import path

from content_app.delivery.sandbox import views

urlpatterns = [
    path("", views.SandboxView.as_view(), name="sandbox"),
    path("deprecated/", views.SandboxDeprecatedView.as_view(), name="sandbox-deprecated"),
    path(
        "deprecated-parameter/",
        views.SandboxDeprecatedParameterView.as_view(),
        name="sandbox-deprecated-parameter",
    ),
    path("deprecated-field/", views.SandboxDeprecatedFieldView.as_view(), name="sandbox-deprecated-field"),
    path("sunset/", views.SandboxSunsetView.as_view(), name="sandbox-sunset"),
    path("too-many-requests/", views.SandboxTooManyView.as_view(), name="sandbox-too-many-requests"),
    path("unavailable/", views.SandboxUnavailableView.as_view(), name="sandbox-unavailable"),
    path("<str:state>/", views.SandboxItemView.as_view(), name="sandbox-item"),
]
