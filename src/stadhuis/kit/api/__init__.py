"""The layer under the registers' APIs: shapes, errors, resources, endpoints and the OpenAPI document, without any framework.

A new resource is a shape (``shapes``), an SQL fragment (``resource``) and actions; nothing is added here. The rules this
layer keeps for everyone are those of the standard "API's voor Zaakgericht Werken" and of its OpenAPI files.
"""
