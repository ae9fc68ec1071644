"""The desk is a site of its own, which every page registers with."""

from django.contrib import admin

from content_app.admin.site import Desk


def test_every_page_stands_on_the_site_of_the_desk():
    assert type(admin.site._wrapped) is Desk
    assert {page.admin_site for page in admin.site._registry.values()} == {admin.site}


def test_the_ways_in_and_out_lead_to_the_pages_that_throttle_and_record(client, db):
    assert client.get("/admin/login/?next=/admin/").headers["Location"] == "/account/login/?next=%2Fadmin%2F"
    assert client.get("/admin/login/").headers["Cache-Control"].startswith("max-age=0, no-cache")
