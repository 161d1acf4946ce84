"""Addresses of the area audit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
