from django.urls import path

from news import views

app_name = "news"
urlpatterns = [
    path("", views.NewsList.as_view(), name="list"),
    path("<year:year>/", views.NewsList.as_view(), name="year"),
    path("<year:year>/<month:month>/", views.NewsList.as_view(), name="month"),
    path("<address:slug>/", views.NewsDetail.as_view(), name="item"),
]
