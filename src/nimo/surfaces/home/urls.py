from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from nimo.surfaces.home import views

app_name = "home"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
]
