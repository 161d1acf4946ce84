"""Addresses of the area running."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
