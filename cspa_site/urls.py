"""The site's table of contents."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, register_converter

from pages import views
from publishing.addresses import MonthConverter, SlugConverter, YearConverter

register_converter(SlugConverter, "address")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

urlpatterns = [
    path("", views.root, name="root"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.Home.as_view(), name="home"),
        path("", include("delegations.urls")),
        path("news/", include("news.urls")),
        path("about/", views.About.as_view(), name="about"),
    ),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler400, handler403 = "pages.views.bad_request", "pages.views.permission_denied"
handler404, handler500 = "pages.views.not_found", "pages.views.server_error"
