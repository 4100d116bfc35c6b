"""Django's administration as a tool of this site: in Thai, with the site's own tables alone."""

from typing import Final

from django.contrib.admin import AdminSite

# Tables of other packages have no Thai names, and nothing in them is edited by hand.
OWN_ROOMS: Final = ("accounts", "measures", "reports")


def furnish(site: AdminSite) -> None:
    """Give the administration its names, and leave out the tables of other packages."""
    site.site_header = site.site_title = "ITA Tracker: ผู้ดูแลระบบ"
    site.index_title = "แก้ไขข้อมูลทุกตาราง"
    site.site_url = "/site/"
    for model in list(site._registry):
        if model._meta.app_label not in OWN_ROOMS:
            site.unregister(model)
