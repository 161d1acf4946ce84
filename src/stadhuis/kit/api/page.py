"""The OpenAPI document of an API as a page for people: plain HTML without style or script, which any browser and reader can show."""

from __future__ import annotations

from html import escape
from typing import Any

from stadhuis.kit.api.shapes import Schema


def as_html(document: Schema) -> str:
    """Return the page: what can be done at which address, with which rights and values, and what comes back."""
    info = document["info"]
    title = escape(f"{info['title']} {info['version']}")
    tags: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "head":
                tags.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    menu = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in sorted(tags))
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title></head><body><header><h1>{title}</h1>",
        f"<p>Root: <code>{escape(document['servers'][0]['url'])}</code>. For programs: ",
        '<a href="openapi.json">openapi.json</a>, <a href="openapi.yaml">openapi.yaml</a>.</p>',
        f'<nav aria-label="Resources"><ul>{menu}<li><a href="#schemas">Schemas</a></li></ul></nav></header><main>',
    ]
    for tag in sorted(tags):
        parts.append(f'<section id="{escape(tag)}"><h2>{escape(tag)}</h2>')
        parts += [_operation(method, path, operation) for method, path, operation in tags[tag]]
        parts.append("</section>")
    schemas = document["components"]["schemas"]
    parts.append('<section id="schemas"><h2>Schemas</h2>')
    parts += [_schema(name, schemas[name]) for name in sorted(schemas)]
    parts.append("</section></main></body></html>")
    return "".join(parts)


def _operation(method: str, path: str, operation: Schema) -> str:
    scopes = " or ".join(escape(scope) for need in operation["security"] for scope in need["JWT-Claims"])
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(one['name'])}</code></th><td>{escape(one['in'])}</td>"
        f"<td>{'yes' if one['required'] else 'no'}</td><td>{_kind(one['schema'])}</td></tr>"
        for one in operation["parameters"]
    )
    table = (
        "<table><caption>Parameters</caption><thead><tr><th scope='col'>Name</th><th scope='col'>Where</th>"
        f"<th scope='col'>Required</th><th scope='col'>Value</th></tr></thead><tbody>{rows}</tbody></table>"
        if rows
        else ""
    )
    body = "".join(
        f"<p>Body: {_kind(content['schema'])} as <code>{escape(media)}</code></p>"
        for media, content in operation.get("requestBody", {}).get("content", {}).items()
    )
    answers = []
    for status, answer in sorted(operation["responses"].items()):
        content = answer.get("content", {})
        kinds = ", ".join(_kind(one["schema"]) for one in content.values())
        answers.append(f"<li>{escape(status)}{f': {kinds}' if kinds else ''}</li>")
    return (
        f'<article id="{escape(operation["operationId"])}"><h3>{method} <code>{escape(path)}</code></h3>'
        f"<p>Scope: <code>{scopes}</code></p>{table}{body}<p>Answers:</p><ul>{''.join(answers)}</ul></article>"
    )


def _schema(name: str, schema: Schema) -> str:
    properties: dict[str, Any] = {}
    required: list[str] = []
    bases = []
    for part in (schema, *schema.get("allOf", ())):
        properties.update(part.get("properties", {}))
        required += part.get("required", [])
        if "$ref" in part:
            bases.append(_kind(part))
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(key)}</code></th><td>{'yes' if key in required else 'no'}</td><td>{_kind(one)}</td></tr>"
        for key, one in properties.items()
    )
    base = f"<p>Everything of {', '.join(bases)}.</p>" if bases else ""
    return (
        f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>{base}<table><caption>Fields of {escape(name)}</caption>'
        "<thead><tr><th scope='col'>Name</th><th scope='col'>Required</th><th scope='col'>Value</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></article>"
    )


def _kind(schema: Schema) -> str:
    """Return in words what a value is; a named schema as a link to it."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[1])
        return f'<a href="#schema-{name}">{name}</a>'
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    words = [str(schema.get("type", "any"))]
    if "enum" in schema:
        words = ["one of " + ", ".join(str(word) or "(empty)" for word in schema["enum"])]
    words += [
        f"{key} {schema[key]}" for key in ("format", "minLength", "maxLength", "minimum", "maximum") if key in schema
    ]
    words += [
        text
        for key, text in (("nullable", "may be null"), ("readOnly", "only given back"), ("writeOnly", "only sent"))
        if schema.get(key)
    ]
    return escape("; ".join(words))
