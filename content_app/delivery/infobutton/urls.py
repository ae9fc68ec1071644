"""The address of Infobutton: with or without a slash at its end, for clients take addresses as they are given them.

To be included at `infobutton`.
"""

from django.urls import re_path

from content_app.delivery.infobutton.views import InfobuttonView

urlpatterns = [re_path(r"^(?:/)?$", InfobuttonView.as_view(), name="infobutton")]
