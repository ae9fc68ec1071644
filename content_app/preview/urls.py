"""The addresses of previews: at the desk, and for whoever holds a link."""

from django.contrib import admin
from django.urls import path

from content_app.preview import desk as at_the_desk
from content_app.preview import live
from content_app.preview import shared as by_link

guarded = admin.site.admin_view

desk = [
    path("<int:key>/", guarded(at_the_desk.page), name="preview"),
    path("<int:key>/live/", guarded(live.page), name="preview_live"),
    path("<int:key>/links/", guarded(at_the_desk.make_link), name="preview_link_make"),
    path("<int:key>/links/<int:link>/revoke/", guarded(at_the_desk.revoke_link), name="preview_link_revoke"),
    path("<int:key>/<slug:name>/", guarded(at_the_desk.representation), name="preview_representation"),
]
shared = [
    path("<str:token>/", by_link.page, name="shared_preview"),
    path("<str:token>/answer/", by_link.answer, name="fact_check_answer"),
    path("<str:token>/<slug:name>/", by_link.representation, name="shared_preview_representation"),
]
