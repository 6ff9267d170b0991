from django.urls import path

from delegations import views

app_name = "delegations"
urlpatterns = [
    path("delegations/", views.DelegationList.as_view(), name="delegations"),
    path("delegations/<address:slug>/", views.DelegationDetail.as_view(), name="delegation"),
    path("people/<address:slug>/", views.PersonDetail.as_view(), name="person"),
]
