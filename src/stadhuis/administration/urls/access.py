"""Addresses of the area access."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
