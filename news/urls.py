from django.urls import path, register_converter

from news import views
from publishing.addresses import MonthConverter, SlugConverter, YearConverter

register_converter(SlugConverter, "address")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

app_name = "news"
urlpatterns = [
    path("", views.NewsList.as_view(), name="list"),
    path("<year:year>/", views.NewsList.as_view(), name="year"),
    path("<year:year>/<month:month>/", views.NewsList.as_view(), name="month"),
    path("<address:slug>/", views.NewsDetail.as_view(), name="item"),
]
